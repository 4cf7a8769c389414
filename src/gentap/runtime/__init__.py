"""Runs a trained model: engines that turn token ids into answers."""
