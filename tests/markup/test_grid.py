from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from gentap.markup.grid import GridCell, lay_out


def _texts(*groups: list[list[GridCell]]) -> list[list[str | None]]:
    return [[cell and cell.text for cell in row] for row in lay_out(groups)]


def _cell(text: str, *, down: int = 1, right: int = 1) -> GridCell:
    return GridCell(text, down=down, right=right)


def test_spans_repeat_the_value() -> None:
    rows = [
        [_cell("a", down=2), _cell("b", right=2)],
        [_cell("c"), _cell("d")],
        [_cell("e"), _cell("f"), _cell("g")],
    ]
    assert _texts(rows) == [["a", "b", "b"], ["a", "c", "d"], ["e", "f", "g"]]


def test_rowspan_zero_reaches_the_end_of_the_group() -> None:
    first = [[_cell("a", down=0), _cell("b")], [_cell("c")]]
    assert _texts(first, [[_cell("d"), _cell("e")]]) == [["a", "b"], ["a", "c"], ["d", "e"]]


def test_rowspan_stops_at_the_end_of_the_group() -> None:
    first = [[_cell("a", down=99), _cell("b")]]
    assert _texts(first, [[_cell("c"), _cell("d")]]) == [["a", "b"], ["c", "d"]]


def test_columns_without_a_cell_of_their_own_go() -> None:
    rows = [[_cell("all", right=100)], [_cell("a"), _cell("b")]]
    assert _texts(rows) == [["all", "all"], ["a", "b"]]


def test_short_rows_end_in_nothing() -> None:
    assert _texts([[_cell("a"), _cell("b")], [_cell("c")]]) == [["a", "b"], ["c", None]]


def test_where_spans_overlap_the_first_stays() -> None:
    rows = [[_cell("a"), _cell("b", down=2), _cell("c")], [_cell("d", right=2), _cell("e")]]
    assert _texts(rows) == [["a", "b", "c"], ["d", "b", "e"]]


def test_a_bomb_has_no_rows() -> None:
    assert lay_out([[[_cell("x", down=0, right=10**9)] for _ in range(100)] * 20]) == []


def test_a_wide_row_over_a_tall_column_is_a_bomb_too() -> None:
    assert lay_out([[[_cell("x")] * 2_000] + [[_cell("x")]] * 2_000]) == []


GROUPS = st.lists(
    st.lists(
        st.lists(
            st.builds(GridCell, st.just("x"), st.booleans(), st.integers(0, 5), st.integers(0, 5)),
            max_size=4,
        ),
        max_size=4,
    ),
    max_size=3,
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(GROUPS)
def test_the_grid_is_rectangular_and_loses_no_cell(groups: list[list[list[GridCell]]]) -> None:
    grid = lay_out(groups)
    assert len(grid) == sum(len(group) for group in groups)
    assert len({len(row) for row in grid}) <= 1
    for row, cells in zip(grid, [row for group in groups for row in group], strict=True):
        assert all(any(slot is cell for slot in row) for cell in cells)


def standard_grid(groups: list[list[list[GridCell]]]) -> list[list[GridCell | None]]:
    """The standard's algorithm, step by step; of cells that overlap, the first one written."""
    slots: defaultdict[tuple[int, int], list[GridCell]] = defaultdict(list)
    order = [id(cell) for group in groups for row in group for cell in row]
    anchors = set()
    width = y = 0
    for group in groups:
        growing: list[tuple[GridCell, range]] = []
        for cells in group:
            for cell, columns in growing:
                for x in columns:
                    slots[x, y].append(cell)
            x = 0
            for cell in cells:
                while x < width and slots[x, y]:
                    x += 1
                columns = range(x, x + min(cell.right or 1, 1000))
                width = max(width, columns.stop)
                anchors.add(x)
                for x in columns:
                    for down in range(cell.down or 1):
                        slots[x, y + down].append(cell)
                if not cell.down:
                    growing.append((cell, columns))
                x = columns.stop
            y += 1
        # A span may make rows without an element, which pages do not show.
        for slot in [slot for slot in slots if slot[1] >= y]:
            del slots[slot]
    firsts = {slot: min(cells, key=lambda cell: order.index(id(cell)))
              for slot, cells in slots.items() if cells}  # fmt: skip
    return [[firsts.get((x, row)) for x in sorted(anchors)] for row in range(y)]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(GROUPS)
def test_the_grid_is_the_standards(groups: list[list[list[GridCell]]]) -> None:
    ours, theirs = lay_out(groups), standard_grid(groups)
    assert [list(map(id, row)) for row in ours] == [list(map(id, row)) for row in theirs]
