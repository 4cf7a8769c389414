"""Questions about tables, answered in sentences that say what they rest on."""

from gentap.answering.models import find_model, find_start, fingerprint, open_engine
from gentap.answering.qa import TableQA

__all__ = ["TableQA", "find_model", "find_start", "fingerprint", "open_engine"]
