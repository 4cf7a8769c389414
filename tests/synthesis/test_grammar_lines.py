import tomllib
from importlib import resources

import pytest

from gentap.synthesis.grammar.lines import line_of, lines_of

TEXT = '''# comment [not.a.table]
alone = true # = {
[headers]
names = { "a" = "b", 'c.d' = """x
y""" }
[headers.units]
m = "metres"

[[frames]]
text = "[question] # no comment"
[[frames]]
weight = 2
text = """
two
lines"""

[families.lookup]
weight = 1.5
templates = [
  "one [column]?", # {
  { text = "two]", column = [
      "text",
      'number' ] },

  { text = "three", column = [
    "x" ] },
]
dotted.key = -1e3
day = 1979-05-27T07:32:00
"quoted" = ["a\\"]"]
'''


def test_every_entry_has_its_line():
    tomllib.loads(TEXT)
    lines = lines_of(TEXT)
    assert {
        "alone": 2,
        "headers": 3,
        "headers.names": 4,
        "headers.names.a": 4,
        "headers.names.c.d": 4,
        "headers.units.m": 7,
        "frames": 9,
        "frames[0]": 9,
        "frames[0].text": 10,
        "frames[1].weight": 12,
        "frames[1].text": 13,
        "families.lookup.weight": 18,
        "families.lookup.templates[0]": 20,
        "families.lookup.templates[1].column[1]": 23,
        "families.lookup.templates[2]": 25,
        "families.lookup.templates[2].column[0]": 26,
        "families.lookup.dotted.key": 28,
        "families.lookup.day": 29,
        "families.lookup.quoted[0]": 30,
    }.items() <= lines.items()


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ("families.lookup.templates[1].target[3]", 21),
        ("families.lookup.nothing", 17),
        ("families.none", 17),
        ("frames[7]", 9),
        ("", 1),
    ],
)
def test_what_is_missing_has_the_line_of_what_is_around_it(entry, line):
    assert line_of(entry, lines_of(TEXT)) == line


def test_the_lines_of_the_shipped_file():
    text = resources.files("gentap.synthesis.grammar").joinpath("grammar.toml").read_text("utf-8")
    lines, written = lines_of(text), text.splitlines()
    data = tomllib.loads(text)
    for name, family in data["families"].items():
        for number, entry in enumerate(family["templates"]):
            at = f"families.{name}.templates[{number}]"
            assert entry["text"] in written[lines[at] - 1]
    for name, entry in data["types"].items():
        for key in entry:
            assert written[lines[f"types.{name}.{key}"] - 1].startswith(f"{key} = ")
