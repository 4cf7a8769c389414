"""The one room where torch lives: model, batches, loop, export."""
