"""Runs the command line: ``python -m gentap``."""

import sys

from gentap.cli import main

if __name__ == "__main__":
    sys.exit(main())
