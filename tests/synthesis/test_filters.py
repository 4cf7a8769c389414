"""Which generated questions are kept: every reason has a question that it drops."""

import pytest

from gentap.records import Alignment, Source
from gentap.synthesis.filters import REASONS, fault, faults
from gentap.synthesis.questions import Request
from gentap.table import Table

TABLE = Table(
    ("Year", "Film", "Role", "Country"),
    (("1953", "Andes", "Carlos", "Peru"), ("1954", "Everest Love", "Tenzing", "Nepal")),
    "Red River",
)
SENTENCE = "In Andes of 1953 River played Carlos."


def request(asked="Carlos", sentence=SENTENCE, cells=("1953", "Andes", "Carlos")):
    evidence = tuple((0, TABLE.rows[0].index(cell)) for cell in cells)
    spans = tuple((sentence.index(cell), sentence.index(cell) + len(cell)) for cell in cells)
    alignment = Alignment(sentence, TABLE, evidence, spans, 1.0, 3.0, (), Source())
    return Request(alignment, (asked,))


CASES = [
    ("What role did River play in Andes?", "Carlos", None),
    ("What role did he play in Andes, Peru?", "Carlos", None),
    ("Who played Andes?", "Carlos", None),
    ("When did River play in Andes?", "1953", None),
    ("How many years was Andes?", "1953", None),
    ("What role did River play in Andes", "Carlos", "not-a-question"),
    ("Who played?", "Carlos", "too-short"),
    ("What film was in what film was in Peru?", "Carlos", "repeats-itself"),
    ("Did River play Carlos in Andes?", "Carlos", "gives-answer-away"),
    ("What did he play there?", "Carlos", "no-referent"),
    ("What was the part played then?", "Carlos", "leads-to-no-row"),
    ("What role did River play in Everest Love?", "Carlos", "leads-elsewhere"),
    ("When did River play in Andes?", "Carlos", "asks-other-kind"),
    ("How many films had Andes?", "Carlos", "asks-other-kind"),
    ("Who was in Andes?", "1953", "asks-other-kind"),
    ("Where was Andes made?", "1953", "asks-other-kind"),
]


@pytest.mark.parametrize(("question", "asked", "reason"), CASES)
def test_every_fault_has_its_name(question, asked, reason):
    assert fault(question, request(asked)) == reason


def test_what_neither_table_nor_question_says_is_unsupported():
    said = request(sentence="In Andes of 1953 River sang Carlos loudly and badly.")
    question = "Whom did River sing in Andes?"
    assert fault(question, said) is None
    assert fault(question, said, min_support=0.9) == "unsupported"
    asked = "Whom that sang loudly and badly was River in Andes?"
    assert fault(asked, said, min_support=0.9) is None


def test_a_reason_that_is_allowed_drops_nothing():
    question = "What film was what film was it"
    assert list(faults(question, request())) == [
        "not-a-question",
        "repeats-itself",
        "no-referent",
        "leads-to-no-row",
    ]
    allow = ["not-a-question", "repeats-itself", "no-referent"]
    assert fault(question, request(), allow=allow) == "leads-to-no-row"
    assert fault(question, request(), allow=REASONS) is None


def test_every_reason_is_tried():
    assert {reason for _, _, reason in CASES} == {None, *REASONS} - {"unsupported"}
