"""What the processes of a harvest inherit from the one that runs the tests."""

import pyarrow
import pytest


@pytest.fixture(autouse=True, scope="session")
def _pandas():
    """Let pyarrow look for pandas once, and not in every worker anew."""
    pyarrow.array([0])
