import random
import tomllib
from importlib import resources
from pathlib import Path

import pytest

from gentap.errors import InputError
from gentap.synthesis.grammar import Grammar
from gentap.synthesis.grammar.gates import DERIVED, KINDS
from gentap.table import Table
from tests.synthesis.grammar_tables import DRIVERS

SMALL = """
alone = true
frames = ["[question]"]
[headers]
nouns = ["team"]
proper = []
[headers.names]
[headers.counts]
[cells]
the = ["open"]
[titles.cup]
words = ["cup"]
[types.person]
words = ["player"]
kinds = ["text"]
[types.mate]
is = ["person"]
names = 2
whole = true
past = "met"
[variables]
which = ["[what]", { text = "which", weight = 2 }]
what = ["what"]
[lengths]
20 = 0.9
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


def ask(grammar, table, count=400):
    return {one.question for one in grammar.generate(table, count, random.Random(0))}


def test_a_file_that_stands_alone(tmp_path):
    table = Table.padded(["Player", "Team"], [["Ann", "Reds"], ["Bea", "Blues"]])
    assert ask(load(tmp_path, SMALL), table) == {
        f"{word} player has team {team}?"
        for word in ("What", "Which")
        for team in ("Reds", "Blues")
    }


def test_a_file_of_ones_own_adds_to_the_one_that_ships(tmp_path):
    own = """
[headers.names]
"driver" = "pilot"
[types.stable]
words = ["team"]
kinds = ["entity"]
[types.person]
words = ["pilot"]
[variables]
please = ["say", "tell me"]
which = [{ text = "whichever", weight = 1000 }]
[titles.season]
words = ["year"]
[[frames]]
text = "well, [question]"
weight = 60
[families.position]
weight = 0
[families.lookup]
templates = [
  { text = "[please], who steers for [value]?", column = "stable", target = "person", weight = 99 },
]
"""
    grammar = load(tmp_path, own)
    questions = ask(grammar, DRIVERS)
    assert any(q.endswith(", who steers for Cooper?") for q in questions)
    assert any(q.startswith("Well, ") for q in questions)
    assert any("hichever team" in q for q in questions)
    assert any("ow many points did" in q for q in questions)
    assert not any("driver" in q or "listed first" in q for q in questions)
    assert grammar.rules.titles["season"].words == {"season", "year"}
    assert "player" in grammar.rules.lexicon.types


def test_another_file_is_another_grammar(tmp_path):
    shipped = Grammar.load().rules.key
    own = load(tmp_path, "[lengths]\n9 = 1\n").rules.key
    other = load(tmp_path, "[lengths]\n8 = 1\n").rules.key
    assert len({shipped, own, other}) == 3
    assert shipped == Grammar.load().rules.key


TEMPLATE = "templates = [\n"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[headers]", "[headers", r"is no TOML: .*line 4"),
        ("alone = true", "alone = 1", "line 2: alone: must be true or false"),
        ('["[question]"]', "[]", "line 3: frames: must be a list of at least one"),
        ('["[question]"]', '["In short"]', r"line 3: frames\[0\]: needs \[question\] exactly once"),
        ('["[question]"]', '["[question] [nothing]"]', r"line 3: frames\[0\]: \[nothing\] is"),
        ("[types.person]", "[other]\n[types.person]", 'line 13: other: unknown entry "other"'),
        ("[variables]", "types.x = 3\n[variables]", "line 21: types.mate.types: unknown entry"),
        ('words = ["player"]', "words = 3", "line 14: types.person.words: must be a list of"),
        ('words = ["player"]', 'words = [\n"a",\n""]', r"line 16: types.person.words\[1\]: must"),
        ('kinds = ["text"]', 'kinds = ["texts"]', r'line 15: types.person.kinds\[0\]: "texts" is'),
        ('is = ["person"]', 'is = ["man"]', r'line 17: types.mate.is\[0\]: "man" is none of'),
        ("names = 2", "names = 4", "line 18: types.mate.names: must be 0, 1, 2 or 3, not 4"),
        ("whole = true", 'whole = "yes"', "line 19: types.mate.whole: must be true or false"),
        ('past = "met"', "past = 3", "line 20: types.mate.past: must be a text, not 3"),
        ("[types.mate]", "[types.text]", "line 16: types.text: every table already has"),
        ("proper = []", "proper = [1]", r"line 6: headers.proper\[0\]: must be a string"),
        ("proper = []", "proper = []\nshort = []", 'line 7: headers.short: unknown entry "short"'),
        ("[headers.names]", "[headers.names]\na = 1", "line 8: headers.names.a: must be a text"),
        ("[cells]", "[cells]\nbad = 1", 'line 10: cells.bad: unknown entry "bad"'),
        ('words = ["cup"]', "columns = 1", "line 12: titles.cup.columns: must be a list of lists"),
        ('words = ["cup"]', 'columns = [["a"]]', r'line 12: titles.cup.columns\[0\]\[0\]: "a" is'),
        ('what = ["what"]', 'what = ["[which]"]', "line 22: .*contains itself: which -> what -> w"),
        ('what = ["what"]', "what = []", "line 23: variables.what: must be a list of at least one"),
        ('what = ["what"]', "what = [3]", r"line 23: variables.what\[0\]: must be a phrase"),
        ('what = ["what"]', "what = [{ weight = 1 }]", r'line 23: variables.what\[0\]: needs a "t'),
        ('what = ["what"]', 'what = ["a"]\ntarget = ["x"]', "line 24: variables.target: the table"),
        ("weight = 2 }", "weight = -1 }", r"line 22: variables.which\[1\].weight: must be a num"),
        ("weight = 2 }", "weight = true }", r"line 22: variables.which\[1\].weight: must be a num"),
        ("weight = 2 }", "wait = 2 }", r'line 22: variables.which\[1\].wait: unknown entry "wait"'),
        ("weight = 2 }", 'title = "x" }', r'line 22: variables.which\[1\].title\[0\]: "x" is no t'),
        ("20 = 0.9", "x = 0.9", "line 25: lengths.x: must be a number of words"),
        ("20 = 0.9", "20 = 9", "line 25: lengths.20: must be a share of at most 1"),
        ("20 = 0.9", "20 = -1", "line 25: lengths.20: must be a number of 0 or more"),
        ("20 = 0.9", "", "line 24: lengths: there must be at least one"),
        ("[families.lookup]", "[families.look]", 'line 26: families.look: unknown entry "look"'),
        ("weight = 2\n", "weight = '2'\n", "line 27: families.lookup.weight: must be a num"),
        ("weight = 2\n", "weight = 0\n", "line 26: families: there must be at least one"),
        ("weight = 2\n", "height = 0\n", "line 27: families.lookup.height: unknown entry"),
        ("[value]?", "[value]", r'line 29: families.lookup.templates\[0\].text: the text must end'),
        ("[value]?", "[value2]?", r"line 29: .*templates\[0\]: \[value2\] is neither"),
        ("[value]?", "[wert]?", r"line 29: .*templates\[0\]: \[wert\] is neither"),
        ("[value]?", "[value?", r"line 29: .*templates\[0\]: stray bracket"),
        ('what = ["what"]', 'what = ["what [value2]"]', r'line 29: .*"lookup" gives no \[value2\]'),
        ('target = "person"', 'target = "persons"', r'line 29: .*target\[0\]: "persons" is no typ'),
        ('target = "person"', "target = 3", r"line 29: .*templates\[0\].target: must be a list"),
        ('target = "person"', 'column2 = "person"', r'line 29: .*column2: unknown entry "column2"'),
        ('target = "person"', 'beside = "+x"', r'line 29: .*beside\[0\]: "\+x" is no type'),
        ('target = "person"', 'operation = "max"', 'line 29: .*"operation" must be one of only'),
        (SMALL[SMALL.index("templates") :], "templates = 3", "line 28: .*templates: must be a li"),
        (TEMPLATE, f"{TEMPLATE}3,\n", r"line 29: families.lookup.templates\[0\]: must be a phrase"),
    ],
)  # fmt: skip
def test_errors_name_the_line_and_the_entry(tmp_path, old, new, message):
    assert old in SMALL
    with pytest.raises(InputError, match=f"^grammar file .*grammar.toml.*{message}"):
        load(tmp_path, SMALL.replace(old, new, 1))


@pytest.mark.parametrize("data", [None, b"\xff\xfe\xff"])
def test_a_file_that_cannot_be_read(tmp_path, data):
    path = tmp_path / "none.toml"
    if data:
        path.write_bytes(data)
    with pytest.raises(InputError, match="cannot read the grammar file"):
        Grammar.load(path)


def shipped():
    return resources.files("gentap.synthesis.grammar").joinpath("grammar.toml").read_text("utf-8")


def test_every_variable_of_the_shipped_file_is_used():
    for name in tomllib.loads(shipped())["variables"]:
        assert f"[{name}]" in shipped().replace("# ", ""), name


def test_every_type_of_the_shipped_file_is_used_and_every_type_of_the_program_explained():
    text = shipped()
    for name, entry in tomllib.loads(text)["types"].items():
        named = any(f'"{sign}{name}"' in text for sign in ("", "+", "!"))
        # Some only say how well a column names the rows, or have a participle of their own.
        assert named or "names" in entry or entry.get("is") == ["event"], name
    head = text.partition("[headers]")[0]
    assert all(name in head for name in (*KINDS, *DERIVED))


def test_every_template_of_the_shipped_file_can_ask():
    """A gate that no column can pass would be dead text."""
    rules = Grammar.load().rules
    kinds = {
        "text": {"text", "entity", "several", "day", "season", "when", "adjectives"},
        "number": {"number", "orderable", "count", "money", "plural"},
        "date": {"date", "orderable", "when"},
        "year": {"year", "orderable", "when"},
    }
    every = {"any", "subject", "key", "verb", "timeline"}
    columns = [
        one.implied | frozenset(some) | given | every
        for one in rules.lexicon.known.values()
        for kind, given in kinds.items()
        if not one.kinds or kind in one.kinds or (kind == "text" and "entity" in one.kinds)
        for some in ((), ("when",))
    ] + [frozenset(given | every) for given in kinds.values()]
    for choice in rules.families.values():
        for template in choice.items:
            for gate in template.slots.gates:
                assert any(
                    gate.every <= types and (not gate.some or gate.some & types)
                    for types in columns
                ), template.pattern


def test_the_file_in_the_documentation_is_right_and_its_mistake_is_told_as_it_says(tmp_path):
    text = (Path(__file__).parents[2] / "docs" / "grammar.md").read_text(encoding="utf-8")
    shown = text.split("```toml\n")[1].split("```")[0]
    assert load(tmp_path, shown).rules.weights["position"] == 0
    with pytest.raises(InputError) as error:
        load(tmp_path, shown.replace('column = "vintner"', 'column = "vinter"'))
    told = " ".join(text[text.index("    grammar file wines.toml") :].split("\n\n")[0].split())
    assert str(error.value).replace(str(tmp_path / "grammar.toml"), "wines.toml") == told
