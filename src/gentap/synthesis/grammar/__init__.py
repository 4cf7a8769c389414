"""Short-form questions: grammar in, questions out whose answer is provably one cell."""

from gentap.synthesis.grammar.asking import CellQuestion, Grammar
from gentap.synthesis.grammar.queries import Condition, Query, execute

__all__ = ["CellQuestion", "Condition", "Grammar", "Query", "execute"]
