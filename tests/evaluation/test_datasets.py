import json
import logging
from pathlib import Path

import pytest

from gentap.errors import InputError
from gentap.evaluation.benchmarks import load_examples
from gentap.evaluation.datasets import read_dataset


@pytest.fixture
def wtq(tmp_path: Path) -> Path:
    (tmp_path / "csv").mkdir()
    (tmp_path / "csv" / "1.csv").write_text(
        '"Year","Won","Says"\n"2001","Ann","the \\"best\\", she"\n"2002","Bob",""\n"2003","Ann"\n'
    )
    (tmp_path / "training.tsv").write_text(
        "id\tutterance\tcontext\ttargetValue\n"
        "nt-0\twhen did bob win?\tcsv/1.csv\t2002.0\n"
        "nt-1\twho won last?\tcsv/1.csv\tAnn\n"
        "nt-2\thow many won?\tcsv/1.csv\t3\n"
        'nt-3\twhat is "said"?\tcsv/1.csv\tThe best, she\n'
    )
    return tmp_path


def test_wikitablequestions_keeps_answers_of_exactly_one_cell(
    wtq: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        found = load_examples(f"wtq:{wtq}")
    assert [(one.id, one.kind, one.evidence) for one in found] == [
        ("nt-0", "cell", ((1, 0),)),
        ("nt-3", "cell", ((0, 2),)),
    ]
    assert found[1].table.rows[0][2] == 'the "best", she'
    assert found[1].question == 'what is "said"?'
    assert "2 examples, 1 left out: several cells say it, 1 left out: no cell" in caplog.text


def test_tatqa_keeps_spans_of_the_table(tmp_path: Path) -> None:
    def asked(uid: str, answer: list[str], source: str = "table") -> dict[str, object]:
        return {"uid": uid, "question": "How much?", "answer": answer, "answer_from": source,
                "answer_type": "span"}  # fmt: skip

    table = {"uid": "t", "table": [["", "2019"], ["Sales", "$ 1,452"], ["Cost", "3"]]}
    questions = [asked("a", ["$1,452"]), asked("b", ["3"], "text"), asked("c", ["3", "4"])]
    path = tmp_path / "dev.json"
    path.write_text(json.dumps([{"table": table, "questions": questions}]))
    (found,) = read_dataset("tatqa", path)
    assert (found.id, found.evidence, found.source.license) == ("a", ((0, 1),), "CC BY 4.0")


def test_wikitabletext(tmp_path: Path) -> None:
    path = tmp_path / "dev"
    path.write_text(
        "4\tsubj_title_||_subj_subtitle_||_year_||_title\t"
        "ace_$$_frehley_||_discography_||_2006_||_greatest_$$_hits\t"
        "greatest_$$_hits is of 2006 .\n"
    )
    (found,) = read_dataset("wikitabletext", path)
    assert (found.question, found.answer) == ("", "greatest hits is of 2006.")
    assert (found.table.title, found.table.section) == ("ace frehley", "discography")
    assert (found.table.header, found.table.rows) == (
        ("year", "title"),
        (("2006", "greatest hits"),),
    )


def test_infobox_drops_leads_of_other_pages(tmp_path: Path) -> None:
    table = {"Studio": ["Astoria", "Queens"], "Genre": ["Folk"]}
    leads = ["It was made in Queens, a folk album. More of it.", "A state of Folk.", "folk queens"]
    path = tmp_path / "i.jsonl"
    path.write_text(
        "".join(
            json.dumps({"id": str(n), "title": "Illinois", "table": table, "lead": lead}) + "\n"
            for n, lead in enumerate(leads)
        )
    )
    found = read_dataset("infobox", path)
    assert found[0].answer == "It was made in Queens, a folk album."
    assert found[0].table.rows == (("Astoria, Queens", "Folk"),)
    assert "1" not in {one.id for one in found}


def test_e2e_keeps_one_text_of_a_meaning(tmp_path: Path) -> None:
    path = tmp_path / "devel.csv"
    path.write_text(
        "mr,ref,fixed,orig_mr\n"
        '"name[Alimentum], area[city centre]","It is, there.",0,""\n'
        '"name[Alimentum], area[city centre]","There it is.",0,""\n'
    )
    (found,) = read_dataset("e2e", path)
    assert found.table.header == ("name", "area")
    assert (found.table.rows, found.answer) == ((("Alimentum", "city centre"),), "It is, there.")


@pytest.mark.parametrize("folder", ["logicnlg_csv", "all_csv", "."])
def test_logicnlg_shows_the_columns_spoken_of(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir(exist_ok=True)
    (tmp_path / folder / "t.csv").write_text("date#place#dead\n1973#prague#66\n1974#kiev#0\n")
    path = tmp_path / "val.json"
    path.write_text(json.dumps({"t.csv": [["66 died in 1973 .", [0, 2], "crashes", "x"]]}))
    (found,) = read_dataset("logicnlg", path)
    assert (found.id, found.answer) == ("t.csv-0", "66 died in 1973.")
    assert (found.table.header, found.table.rows[1]) == (("date", "dead"), ("1974", "0"))


@pytest.mark.parametrize(
    ("name", "text"),
    [("wtq", "id\tquestion\n1\tx\n"), ("tatqa", "{}x"), ("tatqa", "[]"), ("e2e", "a,b\n1,2\n"),
     ("wikitabletext", "one line\n"), ("infobox", '{"id": "1"}\n'), ("logicnlg", '{"t": [[]]}')],
)  # fmt: skip
def test_other_files_are_refused(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / "file"
    path.write_text(text)
    with pytest.raises(InputError, match=r"file (is not|holds no)"):
        read_dataset(name, path)


def test_unknown_names_are_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no data set of that name"):
        read_dataset("totto", tmp_path)
    with pytest.raises(InputError, match="totto:x"):
        load_examples("totto:x")
