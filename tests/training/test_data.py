"""Examples to token ids within a budget."""

from collections import Counter

from gentap.linearize import Linearizer
from gentap.records import Example
from gentap.table import Table
from gentap.tokenization import Tokenizer
from gentap.training.data import encode_examples
from tests.tiny import tiny_tokenizer

LARGE = Table(("film",), tuple((f"film {n}",) for n in range(60)))


def example(number, evidence, answer="film"):
    return Example(str(number), "cell", "what film ?", answer, LARGE, evidence)


def encode(examples, **options):
    dropped = Counter()
    linearizer = Linearizer(Tokenizer(tiny_tokenizer()), budget=64)
    return list(encode_examples(examples, linearizer, dropped=dropped, **options)), dropped


def test_budgets_are_drawn_between_two_and_by_the_seed():
    examples = [example(n, ((n, 0),)) for n in range(40)]
    one, _ = encode(examples, budgets=(24, 60), seed=1)
    lengths = [len(encoded.source) for encoded in one]
    assert 16 <= min(lengths) < 32
    assert 48 < max(lengths) <= 60
    assert encode(examples, budgets=(24, 60), seed=1)[0] == one
    assert encode(examples, budgets=(24, 60), seed=2)[0] != one


def test_evidence_that_misses_its_budget_gets_the_largest():
    rows = tuple((row, 0) for row in range(8))
    (encoded,), dropped = encode([example(0, rows)], budgets=(20, 64))
    assert len(encoded.source) > 40
    assert not dropped
    assert encode([example(0, tuple((row, 0) for row in range(40)))]) == (
        [],
        {"evidence-does-not-fit": 1},
    )


def test_answers_beyond_the_limit_are_dropped():
    assert encode([example(0, ((0, 0),), answer="long " * 97)]) == ([], {"answer-too-long": 1})
