"""Questions about tables, answered in sentences that say what they rest on."""

from gentap.answering.qa import TableQA, load_engine

__all__ = ["TableQA", "load_engine"]
