"""The scripts behind published figures run, and documents hold what they print."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForSeq2SeqLM

from gentap.records import Alignment, Example, Source
from gentap.storage.parquet import alignment_schema, example_schema, write_parquet
from gentap.table import Table
from gentap.training.model import TwoDecoderModel
from tests.mutations import HTML, MARKDOWN
from tests.tiny import FETAQA, tiny_checkpoint, tiny_t5

ROOT = Path(__file__).parents[1]
BENCHMARKS = ROOT / "benchmarks"


def script(name: str, *arguments: object) -> str:
    command = [sys.executable, str(BENCHMARKS / name), *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_the_estimates_in_the_documentation_are_the_printed_ones():
    assert script("arithmetic.py") in (ROOT / "docs" / "training.md").read_text()


@pytest.mark.parametrize("tied", [True, False])
def test_parameters_are_counted_as_torch_counts_them(tmp_path, tied):
    spec = importlib.util.spec_from_file_location("arithmetic", BENCHMARKS / "arithmetic.py")
    arithmetic = importlib.util.module_from_spec(spec)
    sys.modules["arithmetic"] = arithmetic
    spec.loader.exec_module(arithmetic)
    model = AutoModelForSeq2SeqLM.from_pretrained(tiny_t5(tmp_path / "stock", tied=tied))
    config = model.config
    shape = arithmetic.Shape(32, 32, 48, True, 2, config.vocab_size, tied)
    counted = sum(
        value.numel()
        for name, value in model.named_parameters()
        if "norm" not in name and "bias" not in name
    )
    assert shape.parameters() == counted


def test_training_is_measured_against_the_trainer(tmp_path):
    data = tmp_path / "feta.jsonl"
    data.write_text("\n".join(json.dumps(FETAQA | {"feta_id": n}) for n in range(40)) + "\n")
    stock = tiny_t5(tmp_path / "stock")
    report = json.loads(script("training.py", stock, data, "--examples", 40, "--rounds", 1))
    padded, _, _, best = report["examples_per_second"].values()
    assert report["ratio_to_padded"] == pytest.approx(best / padded)
    assert 0 < report["share_of_peak"] < 1
    curve = ("--curve", tmp_path / "curve.json", "--steps", 3, "--of")
    script("training.py", stock, data, *curve, "transformers")
    table = script("training.py", stock, data, *curve, "float32", "bfloat16")
    assert "| steps | transformers | float32 | difference | bfloat16 | difference |" in table
    assert "| 1 to 3 | " in table
    curves = json.loads((tmp_path / "curve.json").read_text())
    assert curves["float32"][0] == pytest.approx(curves["transformers"][0], rel=0.2)
    assert curves["bfloat16"][0] == pytest.approx(curves["float32"][0], rel=0.02)


def test_the_mean_of_two_models_lies_half_way(tmp_path):
    first, second = (tiny_checkpoint(tmp_path / name) for name in ("first", "second"))
    model = TwoDecoderModel.load(second)
    for own in model.parameters():
        own.data.add_(2.0)
    model.save(second)
    script("average_models.py", first, second, tmp_path / "mean")
    begun = dict(TwoDecoderModel.load(first).named_parameters())
    for name, own in TwoDecoderModel.load(tmp_path / "mean").named_parameters():
        torch.testing.assert_close(own, begun[name] + 1.0)


def test_a_killed_training_ends_as_one_that_was_left_alone(tmp_path):
    data = tmp_path / "feta.jsonl"
    data.write_text("\n".join(json.dumps(FETAQA | {"feta_id": n}) for n in range(8)) + "\n")
    command = ["finetune", tiny_t5(tmp_path / "stock"), data, "--batch-size", 2, "--epochs", 60,
               "--save-seconds", 0]  # fmt: skip
    out = script("killed_training.py", tmp_path, "--kills", 2, "--", *command)
    assert json.loads(out)["steps"] == 240
    assert len(json.loads(out)["killed_at"]) == 2
    assert json.loads(out)["largest_difference"] <= 1e-6


def test_scores_agree_with_the_reference_implementations(tmp_path):
    pairs = [("The movies were large.", "The films were big."), ("He won 3.", "He gained 3 of 4.")]
    lines = [json.dumps({"answer": one, "reference": other}) + "\n" for one, other in pairs]
    (tmp_path / "p.jsonl").write_text("".join(lines))
    report = json.loads(script("metrics.py", tmp_path / "p.jsonl", "--timed", "3"))
    assert report["pairs"] == 2
    assert set(report["scores"]) == {"bleu", "chrf", "rouge1", "rouge2", "rougeL", "meteor"}
    assert report["seconds"] > 0


def write_documents(folder):
    (folder / "a.html").write_text(HTML)
    (folder / "b.md").write_text(MARKDOWN)
    table = {"header": ["a", "b"], "rows": [["Rovers", "Park"]]}
    record = {"title": "t", "text": "The Rovers play at Park.", "tables": [table]}
    (folder / "c.jsonl").write_text(json.dumps(record) + "\n")


def test_broken_documents_are_read_or_refused(tmp_path):
    write_documents(tmp_path)
    report = json.loads(script("mutations.py", tmp_path, "--number", 80))
    assert report["documents"] == sum(report["outcomes"].values()) == 80
    assert report["outcomes"]["read"] > 20
    assert report["outcomes"]["bad-record"] > 5
    assert report["tables"]["kept"] > 20
    sentences = report["sentences"]
    assert sentences["kept"] + sentences["dropped"] == sentences["seen"] > 20
    assert report["failures"] == []
    assert 0 < report["slowest"]["seconds"] < 10


def test_an_error_in_a_broken_document_fails_the_run(tmp_path, monkeypatch, capsys):
    write_documents(tmp_path)
    spec = importlib.util.spec_from_file_location("mutations", BENCHMARKS / "mutations.py")
    mutations = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "mutations", mutations)
    spec.loader.exec_module(mutations)
    monkeypatch.setattr(mutations, "align", lambda document: iter([1 / 0]))
    failures = tmp_path / "failures"
    monkeypatch.setattr(sys, "argv", ["mutations.py", str(tmp_path), "--number", "20",
                                      "--failures", str(failures)])  # fmt: skip
    with pytest.raises(SystemExit) as stopped:
        mutations.main()
    assert stopped.value.code == 1
    report = json.loads(capsys.readouterr().out)
    assert report["outcomes"]["error"] == len(report["failures"]) == len(list(failures.iterdir()))
    assert "ZeroDivisionError" in report["failures"][0]


def test_grammar_questions_are_answered_a_second_time(tmp_path):
    rows = "".join(f"<tr><td>Ann {n}</td><td>{n * n}</td></tr>" for n in range(24))
    (tmp_path / "a.html").write_text(
        f"<title>Cup</title><p>Ann 3 scored 9 goals in the cup, said Ann 4 who scored 16.</p>"
        f"<table><tr><th>Player</th><th>Goals</th></tr>{rows}</table>"
    )
    (tmp_path / "csv").mkdir()
    (tmp_path / "csv" / "b.csv").write_text('Film,Director\n"The \\"Up\\"",Ann\nRan,Bob\n')
    arguments = [tmp_path / "a.html", tmp_path / "csv", "--examples", 40, "--rounds", 1]
    report = json.loads(script("grammar.py", *arguments))
    assert report["tables"] == 2
    assert report["disagreements"] == report["tables_without_any"] == 0
    assert 24 < report["examples"] == sum(report["families"].values()) <= 48
    assert report["families"]["lookup"] > 5
    assert len(report["examples_per_second"]) == 1
    assert report["examples_per_second"][0] > 0


def test_grammar_questions_are_drawn_with_their_tables_cut(tmp_path):
    rows = "".join(f"Ann {n},{n * n}\n" for n in range(40))
    (tmp_path / "a.csv").write_text(f"Player,Goals\n{rows}")
    (tmp_path / "b.csv").write_text("Nothing,Known\n1,2\n")
    line = script("sample_questions.py", tmp_path, "--number", 2, "--seed", 3)
    (drawn,) = map(json.loads, line.splitlines())
    assert len(drawn["rows"]) == 20 or drawn["family"] in ("position", "frequency", "extreme")
    row, column = drawn["cell"]
    assert drawn["rows"][row][column] == drawn["answer"]
    assert drawn["query"]["target"] == column
    assert line == script("sample_questions.py", tmp_path, "--number", 2, "--seed", 3)


def test_sentence_examples_are_drawn_with_their_tables_cut(tmp_path):
    rows = tuple((f"Ann {n}", str(n * n)) for n in range(40))
    table = Table(("Player", "Goals"), rows, "Rovers", "Scorers")
    examples = [
        Example(
            str(n), "sentence", f"What of Ann {n}?", f"Ann {n} scored {n * n}.", table,
            ((n, 0), (n, 1)), Source(),
        )
        for n in range(30, 34)
    ]  # fmt: skip
    cell = Example("c", "cell", "How many goals did Ann 2 score?", "4", table, ((2, 1),), Source())
    records = (one.to_record() for one in [*examples, cell])
    write_parquet(tmp_path / "part-0.parquet", records, example_schema())
    drawn = list(map(json.loads, script("sample_examples.py", tmp_path).splitlines()))
    assert len({one["question"] for one in drawn}) == len(drawn) == 4
    for one in drawn:
        assert len(one["rows"]) == 13
        name, goals = (one["rows"][row][column] for row, column in one["evidence"])
        assert one["answer"] == f"{name} scored {goals}."


def test_harvesting_is_measured_against_bare_parsers(tmp_path):
    rows = "".join(f"<tr><td>Club {n}</td><td>Old Lane {n}</td></tr>" for n in range(3))
    for number in range(3):
        (tmp_path / f"{number}.html").write_text(
            f"<title>Cup</title><p>The side of Club {number} plays at Old Lane {number} today.</p>"
            f"<table><tr><th>Club</th><th>Ground</th></tr>{rows}</table>"
        )
    options = ["--rounds", 1, "--copies", 2, "--cells", 100, 300, "--pages", 3000, "--price", 2]
    report = json.loads(script("harvest.py", tmp_path, *options))
    parsers, once, often = report["parsers"], *(report["documents"][n] for n in ("once", "often"))
    assert parsers["documents"] == parsers["kept"] == once["report"]["kept"] == 3
    assert parsers["times_lxml"] > 1
    assert parsers["times_lexbor"] > 1
    assert often["report"]["documents"] == 6
    assert 0.9 < report["documents"]["growth"]["largest_worker_mib"] < 1.1
    assert [(row["cells"], row["kept"]) for row in report["cells"]] == [(100, 20), (300, 20)]
    assert report["plan"]["sentences_kept"] == 3000
    assert report["plan"]["dollars"] == 2 * report["plan"]["core_hours"]


def paper(tmp_path, row):
    script("paper.py", row, tmp_path / "data", tmp_path / "work", "--scale", "smoke",
           "--results", tmp_path / "results.md")  # fmt: skip
    return (tmp_path / "results.md").read_text()


@pytest.fixture
def paper_folders(tmp_path):
    (tmp_path / "results.md").write_text(
        "# Results\n\n<!-- table: fetaqa smoke -->\n\nEnd.\n<!-- table: few-shot smoke -->\n"
    )
    work = tmp_path / "work"
    tiny_t5(work / "backbone")
    table = Table(("River", "Mouth"), (("Nile", "Sea"), ("Volga", "Lake")))
    kinds = {"cell": "Nile", "sentence": "Nile was first ."}
    examples = [
        Example(f"{kind}{n}", kind, "which river was first ?", answer, table, ((0, 0),))
        for n in range(4)
        for kind, answer in kinds.items()
    ]
    (work / "examples").mkdir()
    records = [example.to_record() for example in examples]
    write_parquet(work / "examples" / "part-00000.parquet", records)
    return tmp_path


def test_a_row_of_the_papers_table_is_one_command(paper_folders):
    feta = [json.dumps(FETAQA | {"feta_id": n}) + "\n" for n in range(6)]
    folder = paper_folders / "data" / "fetaqa"
    folder.mkdir(parents=True)
    (folder / "train_partial.jsonl").write_text("".join(feta))
    (folder / "dev.jsonl").write_text("".join(feta[:2]))
    text = paper(paper_folders, "no-pretraining")
    assert text.count("| without pretraining, fine-tuned |") == 1
    text = paper(paper_folders, "zero-shot")
    assert text.count("| without pretraining, fine-tuned |") == 1
    assert "| sentences and cells, 8 seen | 0 | 2 |" in text
    assert "| none, 0 seen | 6 | 2 |" in text
    assert text.endswith("\n\nEnd.\n<!-- table: few-shot smoke -->\n")
    systems = json.loads((paper_folders / "work" / "paper-fetaqa" / "scores.json").read_text())
    assert systems["differences"]["baseline"] == "backbone-tuned-light"


def test_few_shot_rows_hold_no_table_on_both_sides(paper_folders):
    folder = paper_folders / "data" / "table2text"
    folder.mkdir(parents=True)
    rows = [f'"name[Place{n}], area[city]",Place{n} is in the city .,0\n' for n in range(60)]
    (folder / "e2e_cleaned_devel.csv").write_text("mr,ref,fixed\n" + "".join(rows))
    text = paper(paper_folders, "few-shot-e2e")
    assert "| e2e, 50 examples, backbone |" in text
    assert "| e2e, 50 examples, pretrained |" in text
    work = paper_folders / "work"
    lines = {
        name: [json.loads(line)["id"] for line in (work / f"few-e2e-{name}.jsonl").open()]
        for name in ("test", "0", "1")
    }
    assert len(lines["test"]) == 4
    assert not set(lines["test"]) & {*lines["0"], *lines["1"]}
    assert lines["0"] != lines["1"]


def test_question_generators_are_scored_and_timed(tmp_path):
    sentence = "The river was long in the year 1953."
    asked = [("1953", "What year was the river long?"), ("The river", "Which was long in 1953?")]
    answers = [{"question": question, "answers": [{"text": answer}]} for answer, question in asked]
    data = {"data": [{"paragraphs": [{"context": sentence, "qas": answers}]}]}
    (tmp_path / "rc.json").write_text(json.dumps(data))
    model = tiny_checkpoint(tmp_path / "m", cell_layers=0)
    tiny_t5(tmp_path / "stock")
    report = json.loads(
        script(
            "questions.py", "score", model, tmp_path / "rc.json", "--backbone", tmp_path / "stock"
        )
    )
    assert report["pairs"] == 2
    floor = report["wh-word and sentence"]
    assert floor["bleu"]["score"] > report["model"]["bleu"]["score"]
    assert report["backbone"]["rougeL"]["score"] <= floor["rougeL"]["score"]
    timed = json.loads(script("questions.py", "speed", model, tmp_path / "rc.json", "--rounds", 1))
    assert timed["light, 32 bits"]["equal_questions"] == 1
    assert timed["transformers"]["times_transformers"] == 1


def test_recall_of_the_alignment_is_counted(tmp_path):
    answers = [
        "Nile was the river to the Sea .",
        "Volga was there in the year , too .",
        "He was there by the Nile .",
    ]
    records = [FETAQA | {"feta_id": n, "answer": one} for n, one in enumerate(answers)]
    data = tmp_path / "feta.jsonl"
    data.write_text("".join(json.dumps(one) + "\n" for one in records))
    report = json.loads(script("alignment_recall.py", data))
    assert report["of_one_row"] == 1
    assert report["found"] == 0.5
    assert report["rows_right"] == report["cells_right"] == 1
    assert report["dropped"] == {"one-cell": 1, "pronoun": 1}
    assert "Volga was there" in script("alignment_recall.py", data, "--misses", "one-cell")


def test_alignments_are_drawn_to_be_judged(tmp_path):
    rows = tuple((f"Film {n}", str(1960 + n)) for n in range(30))
    alignments = [
        Alignment(
            f"Film {n} is of {1960 + n}.",
            Table(("Film", "Year"), rows, "Films"),
            ((n, 0), (n, 1)),
            ((0, 6), (13, 17)),
            n / 30,
            3.0,
            (("31",), ("Rome",))[n % 2],
            Source(),
        )
        for n in range(30)
    ]
    records = (one.to_record() for one in alignments)
    write_parquet(tmp_path / "part-0.parquet", records, alignment_schema())
    lines = script("sample_alignments.py", tmp_path, "--number", 9).splitlines()
    drawn = [json.loads(line) for line in lines]
    assert len({one["sentence"] for one in drawn}) == 9
    for one in drawn:
        row = one["rows"][one["evidence"][0][0]]
        assert one["sentence"] == f"{row[0]} is of {row[1]}."
        assert len(one["rows"]) == 13
    strict = ["--min-support", 0.5, "--no-foreign-numbers"]
    drawn = map(json.loads, script("sample_alignments.py", tmp_path, *strict).splitlines())
    assert {one["sentence"] for one in drawn} == {
        f"Film {n} is of {1960 + n}." for n in range(15, 30, 2)
    }
