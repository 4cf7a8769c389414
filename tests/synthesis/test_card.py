from pathlib import Path

from gentap.records import Alignment, Source
from gentap.storage import alignment_schema, write_parquet
from gentap.synthesis.card import dataset_card, write_card
from gentap.table import Table

TABLE = Table(("Film", "Year", "Note"), (("Heat", "1995", "a|b"), ("Ali", "2001", "")), "Mann")
SOURCE = Source("http://x/y", "CC BY-SA")
ONE = Alignment("Heat <1995>.", TABLE, ((0, 0), (0, 1)), ((0, 4), (6, 10)), 0.5, 3.0, (), SOURCE)
REPORT = {
    "documents": 1200, "sentences_seen": 10, "kept": 3, "rows": {"one": 2, "several": 1},
    "dropped": {"no-cell": 5, "tie": 2}, "rejected": {}, "licenses": {"": 1, "CC BY-SA": 2},
    "tables": {"kept": 3, "rejected": {"layout": 4}},
}  # fmt: skip


def test_counts_reasons_and_licences() -> None:
    text = dataset_card(REPORT, [])
    assert "| documents read | 1,200 |" in text
    assert text.index("| no-cell | 5 |") < text.index("| tie | 2 |")
    assert "| not stated | 1 |" in text
    assert "| layout | 4 |" in text
    assert "| several | 1 |" in text
    assert "Documents rejected" not in text
    assert "Samples" not in text


def test_a_sample_shows_its_row_with_the_evidence_marked() -> None:
    text = dataset_card(REPORT, [ONE])
    assert "> Heat &lt;1995>." in text
    assert "| **Heat** | **1995** | a\\|b |" in text
    assert "Ali" not in text
    assert "http://x/y: Mann\n" in text


def test_samples_come_from_all_shards_and_are_always_the_same(tmp_path: Path) -> None:
    parts = []
    for number in range(3):
        records = [
            Alignment(f"Heat {number} {n}.", *[getattr(ONE, name) for name in ONE.__slots__][1:])
            for n in range(9)
        ]
        parts.append(tmp_path / f"part-{number}.parquet")
        written = (one.to_record() for one in records)
        write_parquet(parts[-1], written, alignment_schema(), {"kept": len(records)})
    write_card(tmp_path, REPORT, parts)
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert text.count("\n> ") == 12
    assert all(f"> Heat {number} " in text for number in range(3))
    write_card(tmp_path, REPORT, parts)
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == text
