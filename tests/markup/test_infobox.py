import pytest

from gentap.markup import parse_html
from gentap.table import Table

ROWS = """<tr><th colspan=2>Ann Lee</th></tr>
<tr><td colspan=2><img src=a.jpg>Ann Lee at the race of the year</td></tr>
<tr><th>Born</th><td>1 May 1950<br>Rome</td></tr>
<tr><td>Nationality:</td><td>Italian<sup class=reference>[1]</sup></td></tr>
<tr><th>Died</th><td></td></tr>
<tr><th colspan=2>Singles</th></tr>
<tr><th>Career record</th><td>12–3</td></tr>
<tr><th colspan=2>Doubles</th></tr>
<tr><th>Career record</th><td>4–0</td></tr>
<tr><th>Area</th><td></td></tr>
<tr><th>• Land</th><td>9 km2</td></tr>
<tr><th>Time zone</th><td>CET</td></tr>
<tr><th>• Summer</th><td>CEST</td></tr>
<tr><th>1998–99</th><td>Rovers</td></tr>
<tr><th>Years</th><td>Team</td><td>Goals</td></tr>
"""


def _box(rows: str) -> str:
    return f"<title>Ann Lee</title><table class='infobox vcard'>{rows}</table>"


def test_an_infobox_is_a_table_of_one_row() -> None:
    page = parse_html(_box(ROWS) + "<p>Ann won.")
    facts = {
        "Born": "1 May 1950 Rome",
        "Nationality": "Italian",
        "Career record": "12–3",
        "Doubles Career record": "4–0",
        "Area Land": "9 km2",
        "Time zone": "CET",
        "Time zone Summer": "CEST",
    }
    assert page.tables == (Table(tuple(facts), (tuple(facts.values()),), "Ann Lee"),)
    assert page.blocks == ("Ann won.",)
    assert page.rejected == ()


def test_infoboxes_come_after_the_other_tables() -> None:
    page = parse_html(f"{_box(ROWS)}<h2>S</h2><table><tr><th>A<th>B<tr><td>1<td>2</table>")
    assert [(table.header[0], table.section) for table in page.tables] == [("A", "S"), ("Born", "")]


@pytest.mark.parametrize(
    "rows",
    [
        "",
        "<tr><th>A<td>1<tr><th>B<td>2",
        "<tr><th>A<td>1<tr><th>B<td>2<tr><th>C<td>",
        "<tr><th>A<td>1<tr><th>B<td>2<tr><th>2001<td>3",
        f"<tr><th>A<td>1<tr><th>B<td>2<tr><th>C<td>{'long ' * 50}",
        "<tr><th>A<td>1<tr><th>B<td>2<tr><th>What somebody asked about C long ago<td>3",
        "<tr><th>A<td>1<td>2<tr><th>B<td>3<td>4<tr><th>C<td>5<td>6",
    ],
)
def test_fewer_than_three_facts_are_none(rows: str) -> None:
    page = parse_html(_box(rows))
    assert (page.tables, page.rejected) == ((), (("infobox", 1),))


def test_what_an_infobox_holds_belongs_to_it() -> None:
    inner = "<table><tr><th>Home<th>Away<tr><td>red<td>blue</table>"
    page = parse_html(_box(f"{ROWS}<tr><td colspan=2>{inner}"))
    assert len(page.tables) == 1
    assert page.rejected == (("infobox", 1),)


def test_a_data_table_that_is_called_an_infobox_is_one_of_data() -> None:
    html = "<table class='wikitable infobox'><tr><th>Source<th>Rating<tr><td>A<td>5</table>"
    assert parse_html(html).tables[0].rows == (("A", "5"),)
