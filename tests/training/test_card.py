"""The model card says what was done."""

from gentap.records import Example, Source
from gentap.table import Table
from gentap.training.card import DataSummary, model_card

ENTRY = {
    "stage": "pretrain",
    "from": "t5-small",
    "examples": 1200,
    "examples_seen": 2400,
    "steps": 75,
    "minutes": 3.5,
    "settings": {
        "batch_size": 32,
        "device": "cpu",
        "learning_rate": 0.0005,
        "dropout": 0.0,
        "dtype": "bfloat16",
        "seed": 7,
    },
    "dropped": {"answer-too-long": 3},
    "data": {"kinds": {"cell": 600, "sentence": 600}, "licenses": {"MIT": 1200}},
}


def summary_of(examples):
    summary = DataSummary()
    list(summary.count(examples))
    return summary.to_record()


def test_everything_that_matters_is_there():
    text = model_card({"cell_layers": 2, "lineage": [ENTRY]}, "mine")
    parts = ["# mine", "two decoders", "pretrain, from t5-small", "1,200 examples", "seed 7"]
    for part in [*parts, "2,400 seen in 75 steps of 32", "MIT 1,200", "answer-too-long 3"]:
        assert part in text
    assert "two decoders" not in model_card({"cell_layers": 0, "lineage": []}, "x")


def test_licences_are_counted():
    table = Table(("a",), (("1",),))
    examples = [
        Example("1", "cell", "q", "1", table, source=Source("u", "MIT")),
        Example("2", "sentence", "q", "1", table),
    ]
    assert summary_of(examples) == {
        "kinds": {"cell": 1, "sentence": 1},
        "licenses": {"MIT": 1, "not stated": 1},
    }


def test_the_card_tells_question_generators_from_models():
    model = model_card({"cell_layers": 2, "lineage": [ENTRY]}, "x")
    assert "answers questions about a table in a sentence and points at" in model
    writer = model_card({"cell_layers": 0, "lineage": [ENTRY | {"stage": "questions"}]}, "x")
    assert "writes the question" in writer
    assert "answers questions" not in writer
