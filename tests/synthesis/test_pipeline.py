"""Alignments to examples of both kinds: balanced, counted, and the same after a kill."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from gentap.errors import InputError
from gentap.records import Example
from gentap.storage import read_json, read_records, write_jsonl
from gentap.synthesis.choosing import Choice
from gentap.synthesis.filters import REASONS
from gentap.synthesis.harvest import harvest
from gentap.synthesis.pipeline import synthesize
from gentap.synthesis.questions import Question

RUN = """
import sys, time
from pathlib import Path
from tests.synthesis.test_pipeline import Choice, Writer, synthesize
class Slow(Writer):
    def write(self, requests):
        time.sleep(0.2)
        return super().write(requests)
synthesize(Path(sys.argv[1]), Path(sys.argv[2]), Slow(), Choice(), model="m")
"""


class Writer:
    """Asks where the sentence's first name is; of clubs whose number is 3, nothing at all."""

    def write(self, requests):
        names = [r.alignment.sentence.split(" plays")[0] for r in requests]
        return [
            Question("" if name.endswith("3") else f"At which ground does the club {name} play?", 1)
            for name in names
        ]


def document(number):
    clubs = [(f"Rovers {number}{c}", f"{c.upper()}{number} Park", str(1900 + number)) for c in "ab"]
    return {
        "uri": f"u{number}",
        "license": "CC0",
        "title": f"Clubs {number}",
        "tables": [{"header": ["Club", "Ground", "Founded"], "rows": [list(c) for c in clubs]}],
        "sentences": [f"{club} plays at {ground}." for club, ground, _ in clubs]
        + [f"{clubs[0][0]} is a club at {clubs[0][1]}."],
    }


@pytest.fixture
def harvested(tmp_path):
    write_jsonl(tmp_path / "docs.jsonl", map(document, range(6)))
    harvest([tmp_path / "docs.jsonl"], tmp_path / "harvest", shard_size=2)
    return tmp_path / "harvest"


def examples(folder):
    return [Example.from_record(record) for record in read_records(folder)]


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_both_kinds_in_equal_numbers(harvested, tmp_path):
    choice = Choice(pairs=0.5, allow=REASONS)
    report = synthesize(harvested, tmp_path / "out", Writer(), choice, model="m")
    made = examples(tmp_path / "out")
    kinds = [example.kind for example in made]
    assert kinds.count("sentence") == kinds.count("cell") == report["cells"]
    assert report["cells"] == report["kept"] + report["pairs"]
    assert report["pairs"] > 0
    assert report["kept"] + sum(report["dropped"].values()) == report["seen"]
    assert report == read_json(tmp_path / "out" / "report.json")
    assert len({example.id for example in made}) == len(made)
    for example in made:
        assert example.source.license == "CC0"
        if example.kind == "cell":
            cells = [example.table.rows[row][column] for row, column in example.evidence]
            assert example.answer in cells


def test_definitions_are_few(harvested, tmp_path):
    choice = Choice(definitions=0.0)
    report = synthesize(harvested, tmp_path / "none", Writer(), choice, model="m")
    assert report["dropped"]["definition-surplus"] == 6
    assert not [e for e in examples(tmp_path / "none") if " is a " in e.answer]
    report = synthesize(harvested, tmp_path / "some", Writer(), Choice(definitions=0.2), model="m")
    assert report["dropped"]["definition-surplus"] == 3


def test_limits_have_names(harvested, tmp_path):
    report = synthesize(harvested, tmp_path / "few", Writer(), Choice(limit=4), model="m")
    assert report["kept"] <= 4
    assert report["dropped"]["over-limit"] > 0
    report = synthesize(harvested, tmp_path / "one", Writer(), Choice(per_table=1), model="m")
    assert report["dropped"]["table-surplus"] == 12


class Surer(Writer):
    """Is surer when it asks for the year alone, if it asks for that at all."""

    def __init__(self, confidence):
        self.confidence = confidence

    def write(self, requests):
        return [
            replace(
                question,
                text=f"In which year was it, of {request.alignment.sentence}?",
                confidence=self.confidence,
            )
            if request.asked.isdecimal()
            else replace(question, confidence=0.8)
            for request, question in zip(requests, super().write(requests), strict=True)
        ]


def test_of_several_questions_the_surest_is_kept(tmp_path):
    moves = [
        record | {"sentences": [f"{club} plays at {ground} since {founded}."
                  for club, ground, founded in record["tables"][0]["rows"]]}
        for record in map(document, range(20))
    ]  # fmt: skip
    write_jsonl(tmp_path / "docs.jsonl", moves)
    harvest([tmp_path / "docs.jsonl"], tmp_path / "harvest")

    def asked(name, confidence, candidates):
        choice = Choice(candidates=candidates, pairs=0, per_form=99, allow=REASONS)
        synthesize(tmp_path / "harvest", tmp_path / name, Surer(confidence), choice, model="m")
        made = [one.question for one in examples(tmp_path / name) if one.kind == "sentence"]
        return sum(question.startswith("In which year") for question in made) / len(made)

    assert asked("surer", 0.9, 3) > 0.9 > asked("one", 0.9, 1) > 0.0
    assert asked("less-sure", 0.79, 3) == 0.0
    with pytest.raises(InputError, match="candidates: 0; it is 1 or more"):
        Choice(candidates=0)


def test_few_sentences_of_one_form_are_taken(harvested, tmp_path):
    choice = Choice(per_form=2, definitions=1, allow=REASONS)
    report = synthesize(harvested, tmp_path / "out", Writer(), choice, model="m")
    # "_ a plays at _.", "_ b plays at _." and "_ a is a club at _."
    assert report["kept"] == 6
    assert report["dropped"]["form-surplus"] == report["seen"] - 6


def test_sentences_are_trimmed_and_those_that_say_too_much_left_out(tmp_path):
    said = [
        "Rovers 1a plays at A1 Park, which was built by somebody with much love.",
        "Rovers 1b plays at B1 Park with 500 seats.",
        "Rovers 1b plays at B1 Park near Lima, Quito and Oslo.",
        "Rovers 1b spielt seit langem zu Hause bei B1 Park.",
    ]
    write_jsonl(tmp_path / "docs.jsonl", [document(1) | {"sentences": said}])
    harvest([tmp_path / "docs.jsonl"], tmp_path / "harvest")
    # The writer asks the same whatever it is to ask for, which is drawn.
    choice = Choice(allow=REASONS)
    report = synthesize(tmp_path / "harvest", tmp_path / "out", Writer(), choice, model="m")
    answers = {e.answer for e in examples(tmp_path / "out") if e.kind == "sentence"}
    assert answers == {"Rovers 1a plays at A1 Park."}
    dropped = {"foreign-number": 1, "foreign-name": 1, "wrong-language": 1}
    assert report["dropped"] == dropped
    whole = Choice(
        min_support=0.6, trim=False, allow=(*choice.allow, "foreign-number", "foreign-name")
    )
    report = synthesize(tmp_path / "harvest", tmp_path / "whole", Writer(), whole, model="m")
    assert report["dropped"] == {"unsupported": 2, "wrong-language": 1}
    high = replace(whole, min_support=0.8)  # of eight words the table holds five
    report = synthesize(tmp_path / "harvest", tmp_path / "high", Writer(), high, model="m")
    assert report["dropped"] == {"unsupported": 3, "wrong-language": 1}
    allowed = replace(high, allow=(*high.allow, "unsupported"))
    report = synthesize(tmp_path / "harvest", tmp_path / "allowed", Writer(), allowed, model="m")
    assert report["dropped"] == {"duplicate-question": 1, "wrong-language": 1}
    long = Choice(min_words=8, allow=choice.allow)  # the first has seven, once it is trimmed
    report = synthesize(tmp_path / "harvest", tmp_path / "long", Writer(), long, model="m")
    assert report["dropped"] == dropped | {"short": 1}
    brief = Choice(max_words=5, allow=choice.allow)
    report = synthesize(tmp_path / "harvest", tmp_path / "brief", Writer(), brief, model="m")
    assert report["dropped"] == dropped | {"long": 1}
    endless = replace(brief, max_words=0)
    report = synthesize(tmp_path / "harvest", tmp_path / "endless", Writer(), endless, model="m")
    assert report["dropped"] == dropped


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"allow": ("nonsense",)}, "nonsense: no reason why anything is dropped"),
        ({"definitions": 1.5}, "definitions: 1.5; it is a share"),
        ({"min_support": -1}, "min_support: -1; it is a share"),
        ({"min_confidence": 2}, "min_confidence: 2; it is a share"),
        ({"pairs": 1}, "pairs: 1; it is a share"),
        ({"min_words": -1}, "min_words: -1; it is 0 or more"),
        ({"max_words": -1}, "max_words: -1; it is 0 or more"),
    ],
)
def test_choices_that_cannot_be_meant_are_refused(options, message):
    with pytest.raises(InputError, match=message):
        Choice(**options)


def test_questions_that_fail_are_counted(harvested, tmp_path):
    class Mute:
        def write(self, requests):
            return [Question("", 1) for _ in requests]

    report = synthesize(harvested, tmp_path / "out", Mute(), Choice(), model="m")
    assert (report["kept"], report["cells"]) == (0, 0)
    assert report["dropped"]["not-a-question"] > 0


def test_questions_of_which_the_generator_is_unsure_are_dropped(harvested, tmp_path):
    class Doubtful(Writer):
        def write(self, requests):
            return [replace(one, confidence=0.5) for one in super().write(requests)]

    report = synthesize(harvested, tmp_path / "out", Doubtful(), Choice(), model="m")
    assert report["kept"] == 0
    assert report["dropped"]["unsure"] > 0
    loose = Choice(min_confidence=0.5)
    report = synthesize(harvested, tmp_path / "loose", Doubtful(), loose, model="m")
    assert report["kept"] > 0


def test_a_killed_run_ends_with_the_same_rows(harvested, tmp_path):
    out = tmp_path / "cut"
    run = subprocess.Popen(
        [sys.executable, "-c", RUN, harvested, out],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        cwd=os.getcwd(),
    )
    deadline = time.monotonic() + 60
    while not list(out.glob("part-00000*")) and time.monotonic() < deadline:
        time.sleep(0.01)
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert 0 < len(list(out.glob("part-*"))) < 3
    synthesize(harvested, out, Writer(), Choice(), model="m")
    synthesize(harvested, tmp_path / "whole", Writer(), Choice(), model="m")
    assert contents(out) == contents(tmp_path / "whole")


def test_other_settings_or_no_harvest_are_refused(harvested, tmp_path):
    synthesize(harvested, tmp_path / "out", Writer(), Choice(), model="m")
    with pytest.raises(InputError, match="begun with model = 'm', now it is 'n'"):
        synthesize(harvested, tmp_path / "out", Writer(), Choice(), model="n")
    with pytest.raises(InputError, match="run gentap harvest first"):
        synthesize(tmp_path, tmp_path / "other", Writer(), Choice(), model="m")


OWN = """
[families.lookup]
weight = 999
templates = [{ text = "whose home is [value]?", column = "venue", target = "team", weight = 99 }]
"""


def test_templates_of_ones_own_are_asked_and_are_part_of_the_settings(harvested, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(OWN, encoding="utf-8")
    synthesize(harvested, tmp_path / "out", Writer(), Choice(), model="m", templates=own)
    # A question may open with a frame; what is drawn depends on where the documents lie.
    asked = [one.question.casefold() for one in examples(tmp_path / "out") if one.kind == "cell"]
    assert any("whose home is" in question for question in asked)
    with pytest.raises(InputError, match="begun with grammar = "):
        synthesize(harvested, tmp_path / "out", Writer(), Choice(), model="m")
    own.write_text(OWN + "# another file\n", encoding="utf-8")
    with pytest.raises(InputError, match="begun with grammar = "):
        synthesize(harvested, tmp_path / "out", Writer(), Choice(), model="m", templates=own)


def test_a_mistake_in_the_templates_is_found_before_anything_is_written(harvested, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(OWN.replace("[value]", "[valve]"), encoding="utf-8")
    with pytest.raises(InputError, match=r"own.toml, line 4: families.lookup.templates\[0\]: "):
        synthesize(harvested, tmp_path / "out", Writer(), Choice(), model="m", templates=own)
    assert not (tmp_path / "out").exists()
