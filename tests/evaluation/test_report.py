import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

from gentap.evaluation.bootstrap import Estimate
from gentap.evaluation.metrics import score
from gentap.evaluation.plots import bar_plot
from gentap.evaluation.report import SHOWN, write_report
from gentap.evaluation.tables import ROWS, render_table
from gentap.records import Example
from gentap.table import Table

EVIL = "<script>alert('&')</script>"


def example(number: int, answer: str = "Ann won.") -> Example:
    table = Table((f"H{EVIL}", "B"), ((f"cell {EVIL}", "x"),), f"T{EVIL}", f"S{EVIL}")
    return Example(f"{number}", "sentence", f"Q{number} {EVIL}", answer, table, ((0, 1),))


def page(folder: Path, examples: list[Example], answers: dict[str, list[str]]) -> str:
    systems: dict[str, dict[str, Any]] = {
        name: score(texts, [one.answer for one in examples], samples=5).to_record()
        for name, texts in answers.items()
    }
    predictions = {
        name: {one.id: {"answer": text} for one, text in zip(examples, texts, strict=True)}
        for name, texts in answers.items()
    }
    write_report(folder / "report.html", examples, systems, predictions)
    return (folder / "report.html").read_text(encoding="utf-8")


def test_everything_is_escaped(tmp_path: Path) -> None:
    name = f"$x^{EVIL} {{{{plots}}}}"
    html = page(tmp_path, [example(1, f"R{EVIL}")], {name: [f"A{EVIL} {{{{scores}}}}"]})
    assert "<script" not in html
    escaped = "&lt;script&gt;alert(&#x27;&amp;&#x27;)&lt;/script&gt;"
    for lead in ("H", "cell ", "T", "S", "Q1 ", "R", "A"):
        assert lead + escaped in html
    assert "{{plots}}" in html
    assert "{{scores}}" in html
    assert "<mark>x</mark>" in html


def test_nothing_is_fetched(tmp_path: Path) -> None:
    html = page(tmp_path, [example(1)], {"one": ["Ann won."]})
    assert "default-src 'none'" in html
    assert not re.search(r"<(script|link|img|iframe|object)\b|\bsrc=|url\(http|@import", html)
    assert "<svg" in html


def test_scores_of_every_system(tmp_path: Path) -> None:
    answers = {"first": ["Ann won.", "no"], "second": ["no", "Ann won."]}
    html = page(tmp_path, [example(1), example(2)], answers)
    assert html.count("<b>50.0</b>") == 6
    assert "rouge1|stem:yes" in html
    assert html.index("Q1 ") < html.index("Q2 ")
    assert "first <small>ROUGE-L 100" in html
    assert "second <small>ROUGE-L 0" in html


def test_scores_by_kind_of_question_are_drawn(tmp_path: Path) -> None:
    html = page(tmp_path, [example(1), example(2)], {"a": ["Ann won.", "no"], "b": ["no", "no"]})
    assert html.count("<svg") == 2
    for title in ("Rows of the table", "Words of the reference", "Evidence cells", "n = 2"):
        assert title in html


def test_without_matplotlib_the_page_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    html = page(tmp_path, [example(1)], {"one": ["Ann won."]})
    assert "<svg" not in html
    assert "There are no plots: this needs matplotlib" in html


def test_best_middle_and_worst_of_many(tmp_path: Path) -> None:
    count = 101
    examples = [example(n, " ".join(f"w{i}" for i in range(count))) for n in range(count)]
    answers = [" ".join(f"w{i}" for i in range(n)) for n in range(count)]
    html = page(tmp_path, examples, {"one": answers})
    shown = [int(number) for number in re.findall(r"<h3>Q(\d+) ", html)]
    assert len(shown) == len(set(shown)) == SHOWN
    assert shown == sorted(shown, reverse=True)
    assert shown[0] == 100
    assert shown[-1] == 0
    assert 50 in shown
    assert [html.count(f"<h2>{part}</h2>") for part in ("Best", "Middle", "Worst")] == [1, 1, 1]


def test_long_tables_keep_evidence_and_count_what_is_left_out() -> None:
    rows = tuple((f"row{n}.",) for n in range(100))
    html = render_table(Example("1", "sentence", "", "", Table(("A",), rows), ((90, 0),)))
    assert "<mark>row90.</mark>" in html
    assert f"row{ROWS - 1}." in html
    assert f"row{ROWS}." not in html
    assert f"{100 - ROWS - 1} rows are not shown" in html


def test_plot_is_an_svg_with_a_bar_a_score_and_repeats() -> None:
    scores = {"a<b": Estimate(30.0, 25.0, 35.0, ""), "$x": Estimate(10.0, 8.0, 12.0, "")}
    svg = bar_plot({"BLEU": scores, "chrF": {"$x": scores["$x"]}}, ["a<b", "$x"])
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    assert "a&lt;b" in svg
    assert svg == bar_plot({"BLEU": scores, "chrF": {"$x": scores["$x"]}}, ["a<b", "$x"])
    one = bar_plot({"BLEU": {"$x": scores["$x"]}}, ["a<b", "$x"])
    assert svg.count("#4c78a8") == 3 * one.count("#4c78a8")
