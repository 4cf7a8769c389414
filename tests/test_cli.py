"""The command line: every verb on a tiny model, and one clear line for every fault."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from gentap.cli import main
from gentap.synthesis.questions import Question
from gentap.training.export import export
from gentap.training.stages import Stage
from tests.cli_reference import reference
from tests.tiny import FETAQA, tiny_checkpoint, tiny_t5

TABLE = "film,year\nAndes,1953\nEverest,1954\n"
FAST = ["--dtype", "float32", "--batch-size", "4", "--max-steps", "2"]
PAGE = """<!doctype html><html><head><title>Long rivers</title></head><body>
<h1>Long rivers</h1>
<p>The Nile is in Africa and flows into the Mediterranean Sea near Cairo.
The Volga reaches the Caspian Sea in Europe after a long way.
The Amazon of South America ends in the Atlantic Ocean.</p>
<table><tr><th>River</th><th>Continent</th><th>Mouth</th></tr>
<tr><td>Nile</td><td>Africa</td><td>Mediterranean Sea</td></tr>
<tr><td>Volga</td><td>Europe</td><td>Caspian Sea</td></tr>
<tr><td>Amazon</td><td>South America</td><td>Atlantic Ocean</td></tr></table></body></html>"""


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "films.csv"
    path.write_text(TABLE)
    return str(path)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    return tiny_checkpoint(tmp_path_factory.mktemp("cli") / "m")


def test_ask_prints_an_answer_and_what_it_rests_on(table, checkpoint, capsys):
    assert main(["ask", table, "what film ?", "--model", str(checkpoint)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("  in one cell: ") for line in lines)


def test_ask_prints_json_a_line_a_question(table, checkpoint, capsys):
    arguments = ["ask", table, "what ?", "who ?", "--json", "--beams", "2", "--max-tokens", "5"]
    assert main([*arguments, "--model", str(checkpoint)]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [record["question"] for record in records] == ["what ?", "who ?"]
    keys = "question answer cell evidence agreement rows_read model warnings".split()
    assert list(records[0]) == keys
    assert records[0]["rows_read"] == "all"


def test_ask_reads_standard_input(checkpoint, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TABLE.encode())))
    monkeypatch.setenv("GENTAP_MODEL", str(checkpoint))
    assert main(["ask", "-", "what film ?"]) == 0
    assert "in one cell" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["ask", "none.csv", "who ?"], "gentap: none.csv: No such file or directory"),
        (["harvest", "none", "-o", "OUT"], "gentap: "),
        (["pretrain", "none", "-o", "OUT", "--backbone", "b"], "gentap: "),
        (["export", "none", "-o", "OUT"], "gentap: none: no such folder"),
        (["score", "none", "none"], "gentap: "),
    ],
)
def test_faults_are_one_line_and_exit_1(arguments, line, tmp_path, capsys):
    arguments = [str(tmp_path / "out") if a == "OUT" else a for a in arguments]
    assert main(arguments) == 1
    error = capsys.readouterr().err.splitlines()[-1]
    assert error.startswith(line)
    assert "Traceback" not in error


def test_the_quantizer_keeps_its_remarks_to_itself(caplog):
    caplog.set_level(logging.INFO)
    assert main(["score", "none", "none"]) == 1
    quantizer = "onnxruntime.quantization.matmul_nbits_quantizer"
    assert not logging.getLogger(quantizer).isEnabledFor(logging.INFO)


@pytest.mark.parametrize("arguments", [[], ["ask"], ["fly"], ["harvest", "x"]])
def test_wrong_usage_exits_2(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: gentap" in capsys.readouterr().err


def test_documents_to_model_in_one_command(tmp_path, capsys):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "rivers.html").write_text(PAGE)
    backbone = str(tiny_t5(tmp_path / "stock"))
    (tmp_path / "rc.json").write_text(json.dumps({"data": [{"paragraphs": [{
        "context": "The peak is in nepal.",
        "qas": [{"question": "what country is the peak in?", "answers": [{"text": "nepal"}]}] * 4,
    }]}]}))  # fmt: skip
    questions = str(tmp_path / "questions")
    train = ["train-questions", str(tmp_path / "rc.json"), "-o", questions]
    assert main([*train, "--backbone", backbone, *FAST]) == 0
    harvest = ["harvest", str(tmp_path / "docs"), "-o", str(tmp_path / "harvest")]
    assert main([*harvest, "--license", "CC0"]) == 0
    report = json.loads((tmp_path / "harvest" / "report.json").read_text())
    assert report["kept"] + sum(report["dropped"].values()) == report["sentences_seen"]
    assert report["kept"] >= 2
    # Random weights write no question, so every sentence is dropped for a reason.
    made = ["synthesize", str(tmp_path / "harvest"), "-o", str(tmp_path / "examples")]
    assert main([*made, "--question-model", questions]) == 0
    settings = json.loads((tmp_path / "examples" / "settings.json").read_text())
    beams = ["--question-model", questions, "--beams", "2"]
    assert main([*made[:-1], str(tmp_path / "beams"), *beams]) == 0
    others = json.loads((tmp_path / "beams" / "settings.json").read_text())
    assert others == settings | {"model": f"{settings['model']}, 2 beams"}
    report = json.loads((tmp_path / "examples" / "report.json").read_text())
    assert report["kept"] + sum(report["dropped"].values()) == report["seen"]
    build = ["build", str(tmp_path / "docs"), "-o", str(tmp_path / "mine"), *FAST]
    assert (
        main([*build, "--question-model", questions, "--backbone", backbone, "--cell-layers", "1"])
        == 1
    )
    assert "examples holds no example" in capsys.readouterr().err


def test_a_mistake_in_a_grammar_is_one_line_before_anything_is_read(tmp_path, capsys):
    own = tmp_path / "own.toml"
    own.write_text('[variables]\nwhich = ["which",\n  "[what]"]\n')
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "rivers.html").write_text(PAGE)
    made = ["synthesize", str(tmp_path / "docs"), "-o", str(tmp_path / "out")]
    assert main([*made, "--question-model", "q", "--grammar", str(own)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"gentap: grammar file {own}, line 3: variables.which[1]: [what] is")
    assert not (tmp_path / "out").exists()


def test_build_ends_with_a_model_that_answers(tmp_path, table, checkpoint, monkeypatch, capsys):
    class Writer:
        def write(self, requests):
            said = (f"What about {r.alignment.sentence.split()[1]} there?" for r in requests)
            return [Question(text, 1.0) for text in said]

    monkeypatch.setattr("gentap.commands.synthesis._question_writer", lambda _: (Writer(), "q"))
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "rivers.html").write_text(PAGE)
    build = ["build", str(tmp_path / "docs"), "-o", str(tmp_path / "mine"), *FAST]
    export(checkpoint, tmp_path / "light")
    monkeypatch.setenv("GENTAP_MODEL", str(tmp_path / "light"))
    for _ in range(2):  # the second time there is nothing left to do
        assert main([*build, "--question-model", "q"]) == 0
    assert "pretrain, from light" in (tmp_path / "mine" / "runtime" / "README.md").read_text()
    capsys.readouterr()
    assert main(["ask", table, "what ?", "--model", str(tmp_path / "mine" / "runtime")]) == 0


def test_build_looks_for_its_start_before_it_reads(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("GENTAP_MODEL", raising=False)
    monkeypatch.setattr("gentap.answering.models.resources.files", lambda _: tmp_path)
    monkeypatch.setattr("gentap.commands.training.examples_of", None)
    assert main(["build", str(tmp_path), "-o", str(tmp_path / "mine")]) == 1
    assert "no model ships with this copy" in capsys.readouterr().err


def test_an_exported_model_is_fine_tuned(tmp_path, checkpoint, monkeypatch):
    export(checkpoint, tmp_path / "light")
    monkeypatch.setenv("GENTAP_MODEL", str(tmp_path / "light"))
    (tmp_path / "feta.jsonl").write_text(json.dumps(FETAQA) + "\n")
    tuned = tmp_path / "tuned"
    assert main(["finetune", "default", str(tmp_path / "feta.jsonl"), "-o", str(tuned), *FAST]) == 0
    (entry,) = json.loads((tuned / "gentap.json").read_text())["lineage"]
    assert (entry["stage"], entry["from"]) == ("finetune", "light")
    assert (tuned / "cell_decoder.safetensors").is_file()


def test_the_default_model_is_exported_with_other_bits(tmp_path, checkpoint, monkeypatch):
    export(checkpoint, tmp_path / "light")
    monkeypatch.setenv("GENTAP_MODEL", str(tmp_path / "light"))
    assert main(["export", "default", "-o", str(tmp_path / "whole"), "--bits", "32"]) == 0
    assert json.loads((tmp_path / "whole" / "gentap.json").read_text())["runtime"]["bits"] == 32


def test_finetune_evaluate_score(tmp_path, checkpoint, capsys):
    data = tmp_path / "feta.jsonl"
    data.write_text("\n".join(json.dumps(FETAQA | {"feta_id": n}) for n in range(6)) + "\n")
    tuned = str(tmp_path / "tuned")
    assert main(["finetune", str(checkpoint), str(data), "-o", tuned, *FAST]) == 0
    export(tmp_path / "tuned", tmp_path / "light")
    out = tmp_path / "report"
    models = [tuned, str(tmp_path / "light"), "floor:copy-question"]
    options = ["-o", str(out), "--limit", "4", "--max-tokens", "6"]
    assert main(["evaluate", *models, str(data), *options]) == 0
    systems = json.loads((out / "scores.json").read_text())["systems"]
    assert set(systems) == set(models)
    assert systems["floor:copy-question"]["examples"] == 4
    assert (out / "report.html").stat().st_size > 1000
    assert "tokenizer" not in capsys.readouterr().err
    predictions = next(out.glob("*copy*/predictions.jsonl"))
    assert main(["score", str(predictions), str(predictions), "--json"]) == 0
    copied = json.loads(capsys.readouterr().out)
    assert copied["bleu"]["score"] == pytest.approx(systems["floor:copy-question"]["bleu"]["score"])
    assert main(["score", str(predictions), str(predictions)]) == 0
    assert "bleu" in capsys.readouterr().out


def test_training_looks_up_and_writes_for_tensorboard(tmp_path, checkpoint, capsys):
    data = tmp_path / "feta.jsonl"
    data.write_text("\n".join(json.dumps(FETAQA | {"feta_id": n}) for n in range(6)) + "\n")
    tuned = tmp_path / "tuned"
    looks = ["--dev", str(data), "--dev-answers", "2", "--dev-steps", "1", "--tensorboard"]
    assert main(["finetune", str(checkpoint), str(data), "-o", str(tuned), *FAST, *looks]) == 0
    entries = [json.loads(line) for line in (tuned / "metrics.jsonl").read_text().splitlines()]
    assert {"dev_loss", "dev_sentence", "dev_bleu", "dev_rougeL"} < set(entries[1])
    assert list((tuned / "tensorboard").glob("events.*"))
    assert "dev_bleu=" in capsys.readouterr().err


def test_a_dry_run_says_how_long_it_would_take(tmp_path, checkpoint, capsys, monkeypatch):
    measure = Stage.measure
    monkeypatch.setattr(Stage, "measure", lambda *stage: measure(*stage, seconds=0.0))
    data = tmp_path / "feta.jsonl"
    data.write_text(json.dumps(FETAQA) + "\n")
    tuned = tmp_path / "tuned"
    options = [str(checkpoint), str(data), "-o", str(tuned), *FAST, "--dry-run"]
    assert main(["finetune", *options]) == 0
    measured = json.loads(capsys.readouterr().out)
    assert measured["examples_per_second"] > 0
    assert not tuned.exists()


def test_settings_that_cannot_be_meant_are_one_line(tmp_path, checkpoint, capsys):
    options = ["finetune", str(checkpoint), "none", "-o", str(tmp_path / "t"), "--dropout", "2"]
    (tmp_path / "none").write_text("")
    options[2] = str(tmp_path / "none")
    assert main(options) == 1
    assert capsys.readouterr().err == "gentap: dropout: 2.0; it is a share, 0 up to 1\n"


def test_excluded_pages(tmp_path, capsys):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "rivers.html").write_text(PAGE)
    (tmp_path / "dev.jsonl").write_text(json.dumps(FETAQA) + "\n")
    (tmp_path / "titles.txt").write_text("Long_rivers\n")
    for name in ("dev.jsonl", "titles.txt"):
        out = tmp_path / f"without-{name}"
        exclude = ["--exclude", str(tmp_path / name)]
        assert main(["harvest", str(tmp_path / "docs"), "-o", str(out), *exclude]) == 0
        assert json.loads((out / "report.json").read_text())["rejected"] == {"excluded": 1}
    (tmp_path / "bad.jsonl").write_text("{}\n")
    out = ["-o", str(tmp_path / "x"), "--exclude"]
    assert main(["harvest", str(tmp_path / "docs"), *out, str(tmp_path / "bad.jsonl")]) == 1
    assert "bad.jsonl:1: no table_page_title" in capsys.readouterr().err
    assert main(["harvest", str(tmp_path / "docs"), *out, str(tmp_path / "none")]) == 1


def test_documents_come_from_patterns_and_standard_input(tmp_path, capsys, monkeypatch):
    for name in ("a/rivers.html", "a/b/more.html", "a/no.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(PAGE)
    out = tmp_path / "pattern"
    assert main(["harvest", str(tmp_path / "a" / "**" / "*.html"), "-o", str(out)]) == 0
    assert json.loads((out / "report.json").read_text())["documents"] == 2
    assert main(["harvest", str(tmp_path / "*.html"), "-o", str(out)]) == 1
    assert "*.html matches no document" in capsys.readouterr().err
    out = tmp_path / "piped"
    shards = []
    for _ in range(2):  # the same input again goes on with the same shards
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(PAGE.encode())))
        assert main(["harvest", "-", "-o", str(out)]) == 0
        shards.append([(part.name, part.stat().st_mtime_ns) for part in out.glob("part-*")])
    assert len(shards[0]) == 1
    assert shards[0] == shards[1]
    assert json.loads((out / "report.json").read_text())["kept"] >= 2
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(PAGE[:-300].encode())))
    assert main(["harvest", "-", "-o", str(out)]) == 0
    assert [part.name for part in out.glob("part-*")] != [name for name, _ in shards[0]]


def test_documents_that_need_a_library_say_so(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "docx", None)
    (tmp_path / "rivers.html").write_text(PAGE)
    (tmp_path / "rivers.docx").write_bytes(b"PK")
    assert main(["harvest", str(tmp_path), "-o", str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == (
        "gentap: this needs docx, which is not installed: pip install 'gentap[documents]'"
    )


def test_harvest_limits(tmp_path, capsys):
    (tmp_path / "docs").mkdir()
    for name in ("one", "two", "three"):
        (tmp_path / "docs" / f"{name}.html").write_text(PAGE)
    harvest = ["harvest", str(tmp_path / "docs"), "-o", str(tmp_path / "out"), "--shard-size", "2"]
    assert main([*harvest, "--timeout", "60", "--memory", "512", "--workers", "2"]) == 0
    assert len(list((tmp_path / "out").glob("part-*"))) == 2
    assert json.loads((tmp_path / "out" / "report.json").read_text())["rejected"] == {}
    assert main([*harvest, "--timeout", "0.000001"]) == 0  # what is there stays
    harvest[3] = str(tmp_path / "other")
    assert main([*harvest, "--timeout", "0.000001"]) == 0
    report = json.loads((tmp_path / "other" / "report.json").read_text())
    assert report["rejected"] == {"timeout": 3}
    assert main([*harvest, "--timeout", "-1"]) == 1
    assert capsys.readouterr().err.endswith("gentap: a limit is below 0; give 0 for none\n")


def test_budgets_must_be_in_order(tmp_path, capsys):
    options = ["-o", str(tmp_path / "m"), "--backbone", "b", "--budgets", "9", "3"]
    assert main(["pretrain", str(tmp_path), *options]) == 1
    assert "the first is the smaller one" in capsys.readouterr().err


def test_a_missing_extra_is_one_line(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    checkpoint = tiny_checkpoint(tmp_path / "m")
    assert main(["export", str(checkpoint), "-o", str(tmp_path / "x")]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == (
        "gentap: this needs onnx, which is not installed: pip install 'gentap[train]'"
    )


def test_the_module_runs_too():
    command = [sys.executable, "-m", "gentap", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("gentap ")


def test_the_reference_is_what_the_commands_say(monkeypatch):
    monkeypatch.delenv("GENTAP_MODEL", raising=False)
    page = Path(__file__).parents[1] / "docs" / "cli.md"
    assert page.read_text(encoding="utf-8") == reference(), "python -m tests.cli_reference"
