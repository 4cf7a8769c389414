"""Questions about tables, answered in sentences that say what they rest on."""

from gentap.answering.models import load_engine
from gentap.answering.qa import TableQA

__all__ = ["TableQA", "load_engine"]
