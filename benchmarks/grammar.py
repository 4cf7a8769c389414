"""Proves grammar questions with an executor of its own, and says how fast they are made.

    python benchmarks/grammar.py DOCS... [--examples 100000] [--each 24] [--seed 0]

DOCS are documents as harvest reads them, folders that harvest wrote, and folders of CSV files.
Every question is answered a second time, by DuckDB: from its query and the texts of the cells, with
SQL that shares nothing with the package but which rows are data and not totals. It looks for named
values by their words, so that a value that is part of another cell's is a disagreement. Prints one
JSON object. The rate is that of one process, of tables cut to 20 rows, by the processor's clock.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow

from gentap.records import Alignment, Document
from gentap.storage import read_records
from gentap.synthesis.documents import list_inputs, load
from gentap.synthesis.grammar import CellQuestion, Grammar
from gentap.synthesis.grammar.view import TableView
from gentap.synthesis.inputs import Input
from gentap.table import Table

SHOWN = 20  # disagreements that are printed
BATCH = 5_000  # questions that are answered together
ROWS = 20  # of the tables whose rate is measured
MEASURED = 500  # such tables at most
MACROS = r"""
CREATE MACRO bare(x) AS trim(regexp_replace(trim(x), '(\s*(\[\s*[\w ]{1,8}\s*\]|[*†‡§^]))+$', ''));
CREATE MACRO name(b) AS regexp_replace(regexp_replace(
  coalesce(nullif(trim(regexp_replace(b, '\s*\([^()]*\)\s*$', '')), ''), b),
  '^(@|at|vs\.?|v\.?)\s*([A-Z#])', '\2'), '^#\d+\s+([A-Z])', '\1');
CREATE MACRO words(x) AS ' ' || trim(regexp_replace(regexp_replace(regexp_replace(lower(x),
  '(\d),(\d\d\d)', '\1\2', 'g'), '(\d)\.(\d)', '\1·\2', 'g'), '[^\pL\pN·]+', ' ', 'g')) || ' ';
CREATE MACRO blank(b) AS lower(b) IN ('', '-', '–', '—', '--', '?', '...', '…', 'n/a', 'na',
  'n.a.', 'tba', 'tbd', 'tbc', 'none', 'nil', 'null', 'unknown', '•', 'x');
CREATE MACRO factor(b) AS CASE
  WHEN regexp_matches(b, '(?i)thousand|[$€£¥]\s?[\d.,]+\s?k$') THEN 1e3
  WHEN regexp_matches(b, '(?i)million|[$€£¥]\s?[\d.,]+\s?(m|mn)$') THEN 1e6
  WHEN regexp_matches(b, '(?i)billion|[$€£¥]\s?[\d.,]+\s?(b|bn)$') THEN 1e9
  WHEN regexp_matches(b, '(?i)trillion') THEN 1e12 ELSE 1 END;
CREATE MACRO number(b) AS factor(b) * CASE WHEN b[1] IN ('-', '−', '–') THEN -1 ELSE 1 END
  * TRY_CAST(replace(regexp_extract(b,
  '^[^\d.]{0,6}(\d[\d,]*\.?\d*|\.\d+)\s?(\D*\pL[²³23])?\D*²?$', 1), ',', '') AS DOUBLE);
CREATE MACRO plain(b) AS trim(regexp_replace(regexp_replace(regexp_replace(regexp_replace(b,
  '(?i)^(mon|tue|wed|thu|fri|sat|sun)\w*\.?\s*,?\s+', ''), '(\d)(st|nd|rd|th)\b', '\1'),
  '(?i)\bsept\b', 'Sep'), '\bof\b|[\s,.]+', ' ', 'g'));
CREATE MACRO year(p) AS CASE WHEN regexp_matches(p, '^(1\d\d\d|20\d\d|2100)$')
  THEN make_date(p::BIGINT, 1, 1) END;
CREATE MACRO month(p) AS try_strptime('1 ' || p, ['%d %B %Y', '%d %b %Y'])::DATE;
CREATE MACRO day(p) AS try_strptime(p, ['%Y-%m-%d', '%d %B %Y', '%d %b %Y', '%B %d %Y',
  '%b %d %Y'])::DATE;
CREATE MACRO parsed(source) AS TABLE
  WITH b AS (SELECT *, bare(x) AS b FROM query_table(source)),
  p AS (SELECT *, plain(b) AS p FROM b),
  d AS (SELECT *, year(p) AS y, month(p) AS m, day(p) AS d FROM p)
  SELECT * EXCLUDE (b, p, y, m, d), words(x) AS w, words(name(b)) AS k, blank(b) AS empty,
    number(b) AS num, regexp_matches(b, '^[^\pL\d]{0,6}[\d.,]+\s?%?$') AS digits,
    epoch(coalesce(y, m, d)) AS begins,
    epoch(coalesce(y + INTERVAL 1 YEAR, m + INTERVAL 1 MONTH, d + INTERVAL 1 DAY)) - 1 AS ends
  FROM d;
"""
# A cell says a value when it has its words, or is the same number.
SAYS = "contains(e.w, {0}.w) OR coalesce({0}.digits AND e.num = {0}.num, false)"
LOW, HIGH = (f"CASE WHEN e.dated THEN {{0}}.{end} ELSE {{0}}.num END" for end in ("begins", "ends"))
STEPS = f"""
CREATE OR REPLACE TEMP TABLE cells AS SELECT *, CASE WHEN dated THEN begins ELSE num END AS lo,
  CASE WHEN dated THEN ends ELSE num END AS hi FROM (SELECT *,
  bool_and(empty OR begins IS NOT NULL) OVER (PARTITION BY t, c) AS dated FROM parsed('raw'));
CREATE OR REPLACE TEMP TABLE lines AS SELECT DISTINCT t, r FROM cells;
CREATE OR REPLACE TEMP TABLE named AS SELECT * FROM parsed('said');
CREATE OR REPLACE TEMP TABLE bounds AS
  SELECT k.q, k.n, min(d.lo) AS lo, max(d.hi) AS hi FROM conditions k
  JOIN named v ON v.q = k.q AND v.n = k.n AND v.place = 0
  JOIN cells e ON e.t = k.t AND e.c = k.other JOIN cells d ON d.t = k.t AND d.c = k.c AND d.r = e.r
  WHERE contains(e.w, v.w) GROUP BY k.q, k.n HAVING count(*) = 1
  UNION ALL SELECT k.q, k.n, min({LOW.format("v")}), max({HIGH.format("v")}) FROM conditions k
  JOIN named v ON v.q = k.q AND v.n = k.n JOIN cells e ON e.t = k.t AND e.c = k.c
  WHERE k.other IS NULL AND k.op IN ('>', '<') GROUP BY k.q, k.n;
CREATE OR REPLACE TEMP TABLE held AS SELECT k.q, e.r, count(*) AS held FROM conditions k
  JOIN cells e ON e.t = k.t AND e.c = k.c JOIN named v ON v.q = k.q AND v.n = k.n AND v.place = 0
  LEFT JOIN named w ON w.q = k.q AND w.n = k.n AND w.place = 1
  LEFT JOIN bounds b ON b.q = k.q AND b.n = k.n
  WHERE CASE k.op WHEN '=' THEN {SAYS.format("v")} WHEN '!=' THEN NOT ({SAYS.format("v")})
  WHEN 'in' THEN {SAYS.format("v")} OR {SAYS.format("w")}
  WHEN '>' THEN e.lo > b.hi WHEN '<' THEN e.hi < b.lo
  WHEN 'between' THEN e.hi >= {LOW.format("v")} AND e.lo <= {HIGH.format("w")}
  WHEN 'inside' THEN e.lo > {HIGH.format("v")} AND e.hi < {LOW.format("w")} END
  GROUP BY k.q, e.r;
CREATE OR REPLACE TEMP TABLE kept AS SELECT a.*, lines.r FROM asked a JOIN lines USING (t)
  LEFT JOIN held h ON h.q = a.q AND h.r = lines.r WHERE coalesce(h.held, 0) = a.conditions;
CREATE OR REPLACE TEMP TABLE valued AS SELECT a.*, e.lo, e.hi FROM kept a JOIN cells e
  ON e.t = a.t AND e.r = a.r AND e.c = a.c WHERE a.op IN ('max', 'min');
CREATE OR REPLACE TEMP TABLE counted AS SELECT a.q, a.op, e.k, count(*) AS n, min(e.r) AS r
  FROM asked a JOIN cells e ON e.t = a.t AND e.c = a.target
  WHERE a.op IN ('most', 'least') AND NOT e.empty GROUP BY a.q, a.op, e.k;
SELECT q, r FROM kept WHERE op = 'only'
UNION ALL SELECT x.q, x.r FROM valued x JOIN valued y USING (q) GROUP BY x.q, x.r, x.op, x.rank
  HAVING count(*) FILTER (CASE x.op WHEN 'max' THEN y.lo > x.hi ELSE y.hi < x.lo END) = x.rank - 1
  AND count(*) FILTER (CASE x.op WHEN 'max' THEN y.hi < x.lo ELSE y.lo > x.hi END)
    = count(*) - x.rank
UNION ALL SELECT q, r FROM kept WHERE op IN ('first', 'last') QUALIFY rank = row_number()
  OVER (PARTITION BY q ORDER BY CASE op WHEN 'first' THEN r ELSE -r END)
UNION ALL SELECT kept.q, lines.r FROM kept JOIN lines ON lines.t = kept.t
  AND lines.r = kept.r + CASE op WHEN 'next' THEN 1 ELSE -1 END WHERE op IN ('next', 'previous')
UNION ALL SELECT q, r FROM counted QUALIFY n =
  CASE op WHEN 'most' THEN max(n) OVER (PARTITION BY q) ELSE min(n) OVER (PARTITION BY q) END
"""


class Executor:
    """Answers queries with SQL, those of many tables at once."""

    def __init__(self) -> None:
        """Open a database in memory."""
        self._base = duckdb.connect()
        self._base.execute("SET threads TO 1")
        self._base.execute(MACROS)

    def answers(self, asked: Sequence[tuple[Table, CellQuestion]]) -> list[list[int]]:
        """Return the rows that answer each question: a proof wants exactly one."""
        places = {id(table): number for number, (table, _) in enumerate(asked)}
        columns: dict[tuple[int, int], Table] = {}
        queries, conditions, values = [], [], []
        for q, (table, one) in enumerate(asked):
            t, query = places[id(table)], one.query
            # Nobody says whether "between" takes the bounds in: both readings must give the row.
            held = [(each.operator, each) for each in query.conditions]
            held += [("inside", each) for each in query.conditions if each.operator == "between"]
            queries.append((q, t, query.operation, query.target, query.column, query.rank,
                            len(held)))  # fmt: skip
            columns |= dict.fromkeys(((t, query.target), (t, query.column or 0)), table)
            for n, (operator, condition) in enumerate(held):
                conditions.append((q, n, t, operator, condition.column, condition.of))
                values += [(q, n, place, text) for place, text in enumerate(condition.values)]
                columns |= dict.fromkeys(((t, condition.column), (t, condition.of or 0)), table)
        rows = {t: TableView(table).rows for (t, _), table in columns.items()}
        raw = [(t, r, c, table.rows[r][c]) for (t, c), table in columns.items() for r in rows[t]]
        self._register("raw", "t r c x", raw)
        self._register("asked", "q t op target c rank conditions", queries)
        self._register("conditions", "q n t op c other", conditions)
        self._register("said", "q n place x", values)
        found: list[list[int]] = [[] for _ in asked]
        for number, row in self._base.execute(STEPS).fetchall():
            found[number].append(row)
        return found

    def _register(self, name: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
        types = {"op": pyarrow.string(), "x": pyarrow.string()}
        names = columns.split()
        arrays = {
            column: pyarrow.array([row[i] for row in rows], types.get(column, pyarrow.int64()))
            for i, column in enumerate(names)
        }
        self._base.register(name, pyarrow.table(arrays))


def tables_of(paths: Iterable[str | Path], rng: random.Random) -> Iterator[list[Table]]:
    """Yield the tables of each document, shard that harvest wrote or CSV file, shuffled."""
    sources: list[Path | Input] = []
    for path in map(Path, paths):
        files = sorted(path.rglob("*.csv")) if path.is_dir() else [path]
        found = sorted(path.glob("part-*.parquet")) or [
            file for file in files if file.suffix == ".csv"
        ]
        sources += found or list_inputs([path])
    rng.shuffle(sources)
    for source in sources:
        tables = list(_read(source))
        rng.shuffle(tables)
        yield tables


def _read(source: Path | Input) -> Iterable[Table]:
    if isinstance(source, Input):
        document = load(source)
        return document.tables if isinstance(document, Document) else ()
    if source.suffix == ".csv":
        return (_read_csv(source),)
    return dict.fromkeys(Alignment.from_record(record).table for record in read_records(source))


def _read_csv(path: Path) -> Table:
    with path.open(encoding="utf-8", newline="") as lines:
        escaped = '\\"' in lines.read()
        lines.seek(0)
        options = {"doublequote": False, "escapechar": "\\"} if escaped else {}
        header, *rows = csv.reader(lines, **options)
    return Table.padded(header, rows)


def ok(question: tuple[Table, CellQuestion], rows: list[int]) -> bool:
    """Tell whether these rows are the one that the question has as its answer."""
    table, one = question
    row, column = one.cell
    right = column == one.query.target and one.answer == table.rows[row][column]
    return right and rows == [row]


def prove(tables: Iterable[Table], grammar: Grammar, options: argparse.Namespace) -> dict[str, Any]:
    """Ask tables until there are enough questions, and answer them again."""
    executor, families = Executor(), Counter[str]()
    wrong: list[dict[str, str]] = []
    seen = barren = disagreements = 0
    waiting: list[tuple[Table, CellQuestion]] = []

    def answer() -> int:
        bad = [
            pair for pair in zip(waiting, executor.answers(waiting), strict=True) if not ok(*pair)
        ]
        for (table, one), rows in bad:
            said = [table.rows[row][one.query.target] for row in rows[:3]]
            wrong.append({"question": one.question, "answer": one.answer, "sql": str(said)})
        waiting.clear()
        return len(bad)

    for number, table in enumerate(tables):
        if sum(families.values()) >= options.examples:
            break
        seen += 1
        asked = ask(grammar, table, options, number)
        barren += not asked
        families.update(one.family for one in asked)
        waiting += [(table, one) for one in asked]
        if len(waiting) > BATCH:
            disagreements += answer()
    disagreements += answer()
    return {
        "tables": seen,
        "tables_without_any": barren,
        "share_without_any": barren / max(1, seen),
        "examples": sum(families.values()),
        "disagreements": disagreements,
        "families": dict(families.most_common()),
        "some_disagreements": wrong[:SHOWN],
    }


def keeping(tables: Iterable[Table], short: list[Table]) -> Iterator[Table]:
    """Pass tables on, and keep some, cut, to measure how fast they are asked."""
    for table in tables:
        if len(table.rows) >= ROWS and len(short) < MEASURED:
            short.append(table.select(range(ROWS)))
        yield table


def measure(tables: Sequence[Table], grammar: Grammar, options: argparse.Namespace) -> list[int]:
    """Return examples a second in each round."""
    rates = []
    for _ in range(options.rounds):
        begun = time.process_time()
        made = sum(len(ask(grammar, table, options, n)) for n, table in enumerate(tables))
        rates.append(round(made / max(1e-9, time.process_time() - begun)))
    return rates


def ask(
    grammar: Grammar, table: Table, options: argparse.Namespace, number: int
) -> list[CellQuestion]:
    """Ask a table, the same questions in every run."""
    return grammar.generate(table, options.each, random.Random(f"{options.seed}/{number}"))


def main() -> None:
    """Prove and measure, and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("paths", metavar="DOCS", nargs="+")
    parser.add_argument("--examples", type=int, default=100_000, metavar="N")
    parser.add_argument("--each", type=int, default=24, metavar="N", help="questions of one table")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=3, help="in which the rate is measured")
    parser.add_argument("--grammar", type=Path, metavar="FILE", help="templates of one's own")
    options = parser.parse_args()
    grammar = Grammar.load(options.grammar)
    short: list[Table] = []
    documents = tables_of(options.paths, random.Random(options.seed))
    tables = itertools.chain.from_iterable(documents)
    report = prove(keeping(tables, short), grammar, options)
    report["examples_per_second"] = measure(short, grammar, options)
    sys.stdout.write(json.dumps(report, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
