"""TableQA with a scripted engine, and with the model folders it can open."""

from __future__ import annotations

import math
import socket

import pytest

from gentap.answering import TableQA, find_model, find_start, open_engine
from gentap.errors import CheckpointError, InputError
from gentap.linearize import Linearizer
from gentap.runtime.engine import Choice, Decoding, Output, Sentence
from gentap.table import Table
from gentap.tokenization import Tokenizer
from gentap.training.export import export
from tests.tiny import tiny_checkpoint, tiny_tokenizer

TABLE = Table(
    ("film", "year"), (("Andes", "1953"), ("Ćity peak", "1954"), ("", "1953")), title="red river"
)


class Scripted:
    """Says what it is told, and notes what it was asked."""

    name = "scripted"

    def __init__(self, texts, choice=0, budget=200):
        self.linearizer = Linearizer(Tokenizer(tiny_tokenizer()), budget=budget)
        self.texts = dict(texts)
        self.choice = choice
        self.batches = []

    def run(self, inputs, *, decoding=None, choices=None):
        self.batches.append((list(inputs), decoding, choices))
        tokenizer = self.linearizer.tokenizer
        outputs = []
        for ids, cells in zip(inputs, choices, strict=True):
            read = tokenizer.decode(ids)
            text = next(text for start, text in self.texts.items() if read.startswith(start))
            sentence = Sentence(tokenizer.encode([text])[0], -1.0)
            choice = Choice(self.choice, math.log(0.5)) if cells else None
            outputs.append(Output(sentence, choice))
        return outputs


def test_an_answer_says_what_it_rests_on():
    qa = TableQA(Scripted({"which film": "Andes was in 1953 ."}, choice=0))
    answer = qa.ask(TABLE, "which film ?")
    assert answer.answer == "Andes was in 1953 ."
    assert answer.evidence == ((0, 0), (0, 1))
    assert (answer.cell.value, answer.cell.row, answer.cell.column) == ("Andes", 0, 0)
    assert answer.agreement == pytest.approx(0.5)
    assert answer.rows_read == "all"
    assert answer.warnings == ()
    assert answer.to_record()["model"] == "scripted"


def test_no_answer_goes_round_in_circles_unless_it_may():
    engine = Scripted({"which": "Andes ."})
    TableQA(engine).ask(TABLE, "which ?")
    TableQA(engine).ask(TABLE, "which ?", decoding=Decoding(beams=2))
    assert [decoding for _, decoding, _ in engine.batches] == [
        Decoding(no_repeat=6),
        Decoding(beams=2),
    ]


def test_cells_are_distinct_and_placed_where_the_sentence_speaks():
    engine = Scripted({"which": "City peak was 1953 ."}, choice=1)
    answer = TableQA(engine).ask(TABLE, "which ?")
    cells = engine.batches[0][2][0]
    decode = engine.linearizer.tokenizer.decode
    assert [decode(cell) for cell in cells] == ["Andes", "1953", "City peak", "1954"]
    assert (answer.cell.value, answer.cell.row) == ("1953", 0)
    assert answer.answer.startswith("Ćity peak")


def test_disagreement_and_invented_numbers_show():
    answer = TableQA(Scripted({"which": "it was 8848 ."})).ask(TABLE, "which ?")
    assert answer.agreement == 0
    assert answer.warnings == ("the answer states 8848, which was not read in the table",)


def test_rows_that_do_not_fit_are_named():
    large = Table(("film",), tuple((f"peak {n}",) for n in range(200)))
    answer = TableQA(Scripted({"which": "peak 7 ."}, budget=80)).ask(large, "which is peak 7 ?")
    assert 7 in answer.rows_read
    assert len(answer.rows_read) < 200
    assert answer.warnings[0].startswith(f"only {len(answer.rows_read)} of 200 rows fit")


def test_batches_keep_the_order_of_the_questions():
    texts = {"what": "blue .", "who": "red .", "which": "won ."}
    engine = Scripted(texts)
    questions = ["who ?", "what was the long year ?", "which ?", "who won ?", "what ?"]
    answers = TableQA(engine).ask_batch([(TABLE, q) for q in questions], batch_size=2)
    assert [a.question for a in answers] == questions
    assert [a.answer for a in answers] == ["red .", "blue .", "won .", "red .", "blue ."]
    assert [len(batch[0]) for batch in engine.batches] == [2, 2, 1]


def test_a_table_without_rows_is_refused():
    with pytest.raises(InputError, match="no data rows: nothing can answer 'who'"):
        TableQA(Scripted({})).ask(Table(("a",), ()), "who")


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    return tiny_checkpoint(tmp_path_factory.mktemp("qa") / "m")


def test_real_models_answer_without_a_network(checkpoint, tmp_path, monkeypatch):
    export(checkpoint, tmp_path / "light")

    def refuse(*arguments, **options):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setenv("GENTAP_MODEL", str(tmp_path / "light"))
    for qa in (TableQA.load(checkpoint, device="cpu"), TableQA.load()):
        answer = qa.ask(TABLE, "which film ?", decoding=Decoding(beams=2, max_tokens=5))
        assert answer.cell.value in {"Andes", "1953", "1954", "Ćity peak"}
    assert TableQA.load(tmp_path / "light").fingerprint != TableQA.load(checkpoint).fingerprint


def test_question_generators_have_no_cells(tmp_path):
    export(tiny_checkpoint(tmp_path / "m", cell_layers=0), tmp_path / "light")
    engine = open_engine(find_model(tmp_path / "light"))
    output = engine.run([[7, 8, 1]], decoding=Decoding(max_tokens=3), choices=[[[7], [8]]])[0]
    assert output.choice is None
    torch_engine = open_engine(find_model(tmp_path / "m"), device="cpu")
    assert torch_engine.run([[7, 8, 1]], choices=[[[7], [8]]])[0].choice is None


def test_folders_that_hold_no_model(tmp_path, monkeypatch):
    with pytest.raises(CheckpointError, match="no such folder"):
        TableQA.load(tmp_path / "none")
    with pytest.raises(CheckpointError, match="neither an exported model nor"):
        TableQA.load(tmp_path)
    monkeypatch.delenv("GENTAP_MODEL", raising=False)
    monkeypatch.setattr("gentap.answering.models.resources.files", lambda _: tmp_path)
    with pytest.raises(CheckpointError, match="no model ships with this copy"):
        TableQA.load()
    monkeypatch.setenv("GENTAP_QUESTION_MODEL", str(tmp_path))
    assert find_model("default", "questions") == tmp_path
    monkeypatch.setenv("GENTAP_QUESTION_MODEL", "")
    with pytest.raises(CheckpointError, match=r"no question generator .* GENTAP_QUESTION_MODEL"):
        find_model("default", "questions")


def test_hub_ids_are_downloaded(checkpoint, monkeypatch):
    def download(name):
        if name != "org/model":
            raise OSError("offline\nsecond line")
        return str(checkpoint)

    monkeypatch.setattr("huggingface_hub.snapshot_download", download)
    assert open_engine(find_model("org/model"), device="cpu").name == checkpoint.name
    with pytest.raises(CheckpointError, match=r"no such folder, and nothing .* \(offline\)"):
        open_engine(find_model("org/other"))


def test_training_starts_from_models_of_gentap_and_stock_ones(checkpoint, tmp_path, monkeypatch):
    def exists(name, file):
        if name == "org/cut-off":
            raise OSError("no network")
        return (name, file) == ("org/model", "gentap.json")

    cached = {("org/cached", "gentap.json"): "/cache/gentap.json"}
    monkeypatch.setattr("huggingface_hub.file_exists", exists)
    monkeypatch.setattr("huggingface_hub.try_to_load_from_cache", lambda *file: cached.get(file))
    monkeypatch.setattr("huggingface_hub.snapshot_download", lambda name: str(checkpoint))
    for hub in ("org/model", "org/cached"):
        assert find_start(hub) == checkpoint
    for stock in ("org/stock", "org/cut-off", "t5-small", str(checkpoint)):
        assert find_start(stock) == stock
    for named, found in (("org/model", checkpoint), (str(checkpoint), str(checkpoint))):
        monkeypatch.setenv("GENTAP_MODEL", named)
        assert find_start("default") == found
    monkeypatch.delenv("GENTAP_MODEL")
    assert find_start("default") == find_model("default")
    (tmp_path / "org" / "model").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert find_start("org/model") == "org/model"
