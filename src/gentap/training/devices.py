"""Where to train: one device, or all that a launcher started a process on."""

from __future__ import annotations

import ctypes
import sys

import torch
from accelerate import Accelerator

from gentap.errors import InputError


def accelerator_for(device: str) -> Accelerator:
    """Return the devices to train on.

    Under ``accelerate launch`` or ``torchrun`` every process gets its own.

    Args:
        device: ``cpu``, ``cuda`` or ``cuda:N``.

    Raises:
        InputError: There is no such device.
    """
    wanted = torch.device(device)
    if wanted.type == "cuda" and not torch.cuda.is_available():
        raise InputError(f"--device {device}: torch finds no GPU here; --device cpu will do")
    if wanted.type == "cuda" and wanted.index is not None:
        torch.cuda.set_device(wanted)
    keep_memory()
    return Accelerator(cpu=wanted.type == "cpu")


def keep_memory() -> None:
    """Tell glibc to keep freed memory: asking the kernel anew each step costs a tenth of it."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        trim_threshold, mmap_threshold = -1, -3
        if hasattr(libc, "mallopt"):
            libc.mallopt(trim_threshold, -1)  # never
            libc.mallopt(mmap_threshold, 2**31 - 1)
