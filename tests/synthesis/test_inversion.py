"""Reading comprehension turned round."""

import json
from collections import Counter

import pytest

from gentap.errors import InputError
from gentap.synthesis.inversion import Inverted, read_inverted


def squad(path, context, *questions):
    pairs = [
        {"question": question, "answers": [{"text": text} for text in answers]}
        for question, answers in questions
    ]
    path.write_text(json.dumps({"data": [{"paragraphs": [{"context": context, "qas": pairs}]}]}))
    return path


def read(path):
    dropped = Counter()
    return list(read_inverted([path], dropped)), dropped


def test_the_sentence_that_holds_the_answer_is_taken(tmp_path):
    path = squad(
        tmp_path / "rc.json",
        "Nepal is far away. The peak is in Nepal. Nobody lives there.",
        ("where is the  peak?", ["Nepal", "in Nepal", "Nepal"]),
    )
    assert read(path) == ([Inverted("The peak is in Nepal.", "Nepal", "Where is the peak?")], {})


@pytest.mark.parametrize(
    ("question", "answers", "reason"),
    [
        ("Where is the peak?", [], "no-answer"),
        ("Where is the peak?", ["China"], "answer-not-in-one-sentence"),
        ("Where is the peak?", ["Nepal. It is"], "answer-not-in-one-sentence"),
        ("Name the peak", ["Nepal"], "not-a-question"),
        ("Who sings?", ["Nepal"], "nothing-shared"),
        ("What is long?", ["river"], "sentence-too-long"),
    ],
)
def test_what_cannot_be_used_is_counted(tmp_path, question, answers, reason):
    context = f"The peak is in Nepal. It is high. A river {'long ' * 60}."
    assert read(squad(tmp_path / "rc.json", context, (question, answers))) == ([], {reason: 1})


def test_qamr_tables(tmp_path):
    path = tmp_path / "dev.tsv"
    path.write_text(
        "#Wiki:1\nThe peak is in Nepal .\nWhere is the peak?    Nepal\tNepal\n"
        "What is there?\tThe peak\n\n#Wiki:2\nNobody won .\nno question\tNobody\n"
    )
    pairs, dropped = read(path)
    assert pairs == [Inverted("The peak is in Nepal .", "Nepal", "Where is the peak?")]
    assert dropped == {"nothing-shared": 1, "not-a-question": 1}


@pytest.mark.parametrize("text", ["", "{}", '{"data": 1}', '{"data": [{"paragraphs": [1]}]}'])
def test_other_files_are_an_error_that_names_them(tmp_path, text):
    (tmp_path / "rc.json").write_text(text)
    with pytest.raises(InputError, match=r"rc\.json: neither SQuAD-format JSON nor"):
        read(tmp_path / "rc.json")
    with pytest.raises(InputError, match="none"):
        read(tmp_path / "none.json")
