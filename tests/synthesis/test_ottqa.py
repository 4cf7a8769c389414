from copy import deepcopy
from typing import Any

import pytest

from gentap.errors import InputError
from gentap.records import Sentence, Source
from gentap.synthesis.ottqa import is_ottqa, read_ottqa

RECORD: dict[str, Any] = {
    "url": "https://en.wikipedia.org/wiki/Races",
    "title": "Races (sport)",
    "header": [["Winner ( s )", []], ["City", []], ["City", []]],
    "data": [
        [["Ann 's Team", ["/wiki/Ann"]], ["Rome", ["/wiki/Rome"]], ["", []]],
        [
            ["Bob , Cy", ["/wiki/Bob", "/wiki/Ann"]],
            ["Rome", ["/wiki/Rome", "/wiki/Rome"]],
            ["", []],
        ],
        [["one two three four five six seven", ["/wiki/Bob"]], ["Oslo", ["/wiki/Oslo"]], ["x", []]],
    ],
    "section_title": "Results -- Men 's races",
    "section_text": "These are the results of men 's races . See also",
    "intro": "The races were held in 1998. They were hot.",
    "passages": {
        "/wiki/Ann": "Ann ( born 1970 ) is a runner . She won it .",
        "/wiki/Rome": "Rome is the capital of Italy .",
        "/wiki/Bob": "Bob is a runner too .",
    },
}


def test_layouts_are_told_apart() -> None:
    assert is_ottqa(RECORD)
    assert not is_ottqa({"tables": []})


def test_the_table() -> None:
    document = read_ottqa(RECORD)
    assert document.source == Source("https://en.wikipedia.org/wiki/Races", "MIT")
    (table,) = document.tables
    assert table.header == ("Winner(s)", "City", "City (2)")
    assert table.rows[0] == ("Ann's Team", "Rome", "")
    assert (table.title, table.section) == ("Races (sport)", "Results: Men's races")


def test_sentences_of_page_and_passages() -> None:
    assert read_ottqa(RECORD, license="CC").source.license == "CC"
    rome, bob = "Rome is the capital of Italy.", "Bob is a runner too."
    ann = "Ann (born 1970) is a runner."
    assert read_ottqa(RECORD).sentences == (
        Sentence("The races were held in 1998.", "Races"),
        Sentence("These are the results of men's races.", "Races"),
        Sentence(ann, "Ann's Team", (0, 0)),
        Sentence(rome, "Rome", (0, 1)),
        Sentence(bob, "", (1, 0)),
        Sentence(ann, "", (1, 0)),
        Sentence(rome, "", (1, 1)),
        Sentence(bob, "", (2, 0)),
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", None),
        ("header", None),
        ("header", [["a"]]),
        ("data", [[["x"]]]),
        ("data", 3),
        ("passages", []),
        ("passages", {"/wiki/Ann": 3}),
    ],
)
def test_bad_fields_are_refused(field: str, value: Any) -> None:
    record = deepcopy(RECORD)
    record[field] = value
    if value is None:
        del record[field]
    with pytest.raises(InputError):
        read_ottqa(record)
