from gentap.evaluation.floors import FLOORS, best_row, copy_question
from gentap.records import Example
from gentap.table import Table

TABLE = Table(
    ("Year", "Award", "Note"),
    (("2013", "Drama Desk Award", ""), ("2014", "Tony Award", "won"), ("2014", "Tony Award", "")),
    "Andy Karl",
)


def ask(question: str, table: Table = TABLE) -> Example:
    return Example("1", "sentence", question, "", table)


def test_copy_question() -> None:
    assert copy_question(ask("Who won?")) == "Who won?"


def test_best_row_matches_whole_words_and_takes_the_first_of_equals() -> None:
    assert best_row(ask("Which Tony in 2014?")) == "Andy Karl 2014 Tony Award won"
    assert best_row(ask("What happened?")) == "Andy Karl 2013 Drama Desk Award"
    assert best_row(ask("201 and 4")) == "Andy Karl 2013 Drama Desk Award"


def test_best_row_ignores_words_without_meaning() -> None:
    table = Table(("A",), (("the of in",), ("Rome",)))
    assert best_row(ask("the name of Rome in the past", table)) == "Rome"


def test_best_row_of_an_empty_table_is_the_title() -> None:
    assert best_row(ask("Who?", Table(("A",), (), "Title"))) == "Title"


def test_floors_are_predictors() -> None:
    assert list(FLOORS) == ["floor:copy-question", "floor:best-row"]
    (answer,) = FLOORS["floor:best-row"].answer_batch([ask("Tony")])
    assert answer.answer == "Andy Karl 2014 Tony Award won"
    assert answer.evidence == ((1, 0), (1, 1), (1, 2))
    assert answer.model == "floor:best-row"
    (copied,) = FLOORS["floor:copy-question"].answer_batch([ask("Tony")])
    assert (copied.question, copied.answer, copied.evidence) == ("Tony", "Tony", ())
    (empty,) = FLOORS["floor:best-row"].answer_batch([ask("?", Table(("A",), ()))])
    assert (empty.answer, empty.evidence) == ("", ())
