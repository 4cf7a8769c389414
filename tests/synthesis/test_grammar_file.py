import random
import tomllib
from importlib import resources

import pytest

from gentap.errors import InputError
from gentap.synthesis.grammar import Grammar
from gentap.table import Table

SMALL = """
frames = ["[question]"]
[headers]
skipped = []
proper = []
[headers.names]
[headers.counts]
[types.person]
words = ["player"]
kinds = ["text"]
[variables]
which = ["[what]", { text = "which", weight = 2 }]
what = ["what"]
[families.lookup]
weight = 2
templates = [
  { text = "[which] [target] has [column] [value]?", column = "!person", target = "person" },
]
"""


def load(tmp_path, text):
    path = tmp_path / "grammar.toml"
    path.write_text(text, encoding="utf-8")
    return Grammar.load(path)


def test_a_file_of_ones_own(tmp_path):
    table = Table.padded(["Player", "Team"], [["Ann", "Reds"], ["Bea", "Blues"]])
    asked = load(tmp_path, SMALL).generate(table, 9, random.Random(0))
    assert {entry.question for entry in asked} == {
        f"{word} player has team {team}?"
        for word in ("What", "Which")
        for team in ("Reds", "Blues")
    }


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[headers]", "[headers", "cannot read the grammar file"),
        ('frames = ["[question]"]', "", "frames: must be a list"),
        ('["[question]"]', '["In short"]', r"frames\[0\]: needs \[question\] exactly once"),
        ('["[question]"]', '["[question] [nothing]"]', r"frames\[0\]: \[nothing\] is neither"),
        ("[types.person]", "[other]\n[types.person]", 'unknown entry "other"'),
        ('words = ["player"]', "", "types.person.words: must be a list of strings"),
        ('kinds = ["text"]', 'kinds = ["texts"]', 'types.person.kinds: "texts" is none of'),
        ("proper = []", "proper = [1]", "headers.proper: must be a list of strings"),
        ("proper = []", "proper = []\nshort = []", 'headers: unknown entry "short"'),
        ("[headers.counts]", "", "headers.counts: is missing"),
        ('what = ["what"]', 'what = ["[which]"]', "contains itself: which -> what -> which"),
        ('what = ["what"]', "what = []", "variables.what: must be a list of at least one"),
        ('what = ["what"]', "what = [3]", r"variables.what\[0\]: must be a phrase"),
        ('what = ["what"]', 'what = [""]', r'variables.what\[0\]: needs a "text"'),
        ('what = ["what"]', 'what = ["what"]\ntarget = ["x"]', "variables.target: the table"),
        ("weight = 2 }", "weight = -1 }", r'variables.which\[1\]: "weight" must be'),
        ("weight = 2 }", "weight = true }", r'variables.which\[1\]: "weight" must be'),
        ("weight = 2 }", "wait = 2 }", r'variables.which\[1\]: unknown entry "wait"'),
        ("[families.lookup]", "[families.look]", 'families: unknown entry "look"'),
        ("[families.lookup]\nweight = 2", "[families.lookup]\nweight = '2'", "families.lookup: "),
        ("[value]?", "[value]", r'families.lookup.templates\[0\]: the text must end with "\?"'),
        ("[value]?", "[value2]?", r"templates\[0\]: \[value2\] is neither"),
        ("[value]?", "[wert]?", r"templates\[0\]: \[wert\] is neither"),
        ("[value]?", "[value?", r"templates\[0\]: stray bracket"),
        ('what = ["what"]', 'what = ["what [value2]"]', r'"lookup" gives no \[value2\]'),
        ('target = "person"', 'target = "persons"', '"persons" is no column type'),
        ('target = "person"', "target = 3", r"templates\[0\].target: must be a list of strings"),
        ('target = "person"', 'column2 = "person"', 'unknown entry "column2"'),
        ('target = "person"', 'operation = "max"', '"operation" must be one of only'),
        ("[families.lookup]", "[families.extreme]", '"operation" must be one of max, min|neither'),
        (SMALL[SMALL.index("[families") :], "[families]", "families: there must be at least one"),
    ],
)
def test_errors_say_which_entry_is_wrong(tmp_path, old, new, message):
    assert old in SMALL
    with pytest.raises(InputError, match=message):
        load(tmp_path, SMALL.replace(old, new, 1))


def test_a_missing_file(tmp_path):
    with pytest.raises(InputError, match="cannot read the grammar file"):
        Grammar.load(tmp_path / "none.toml")


def test_every_variable_of_the_shipped_file_is_used():
    text = resources.files("gentap.synthesis").joinpath("grammar.toml").read_text("utf-8")
    for name in tomllib.loads(text)["variables"]:
        assert f"[{name}]" in text.replace("# ", ""), name


def test_every_template_of_the_shipped_file_can_ask():
    """A gate that no column can pass would be dead text."""
    rules = Grammar.load().rules
    given = {kind: set() for kind in ("text", "number", "date", "year")}
    for name, kinds in rules.lexicon.kinds.items():
        for kind in kinds or given:
            given[kind].add(name)
    derived = {"any", "orderable", "plural", "count", "money", "subject"}
    for _, templates in rules.families.items:
        for template in templates.items:
            for gate in template.slots.gates:
                assert any(
                    gate.admits(frozenset({kind, *gate.every, one}))
                    for kind, names in given.items()
                    for one in names | derived
                ), template.pattern
