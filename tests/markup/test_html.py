import pytest

from gentap.errors import InputError
from gentap.markup import html_tables, parse_html
from gentap.table import Table


def _one(html: str) -> Table:
    (table,) = html_tables(html)
    return table


ROW = "<tr><td>1</td><td>2</td></tr>"
HEAD = "<tr><th>A</th><th>B</th></tr>"
TABLE = f"<table>{HEAD}{ROW}</table>"


def test_a_plain_table() -> None:
    page = f"<title>Races</title><h2>Results[edit]</h2>{TABLE}"
    assert _one(page) == Table(("A", "B"), (("1", "2"),), "Races", "Results")


def test_the_first_row_is_the_header_where_none_is_marked() -> None:
    table = _one("<table><tr><td>A<td>B<tr><td>1<td>2</table>")
    assert (table.header, table.rows) == (("A", "B"), (("1", "2"),))


def test_header_rows_are_joined() -> None:
    table = _one(
        "<table><tr><th rowspan=2>Club<th colspan=2>League<tr><th>Apps<th>Goals"
        "<tr><td>X<td>3<td>1</table>"
    )
    assert table.header == ("Club", "League Apps", "League Goals")
    assert table.rows == (("X", "3", "1"),)


def test_thead_makes_headers_of_plain_cells() -> None:
    table = _one(f"<table><thead><tr><td>A<td>B</thead><tbody>{ROW}{ROW}</table>")
    assert table.header == ("A", "B")
    assert len(table.rows) == 2


def test_an_empty_corner_and_a_short_row_do_not_end_the_header() -> None:
    table = _one(
        "<table><tr><td><th colspan=2>Goals<tr><td><th>1st<th>2nd<tr><td>X<td>3<td>1</table>"
    )
    assert table.header == ("column 1", "Goals 1st", "Goals 2nd")
    table = _one("<table><tr><th>A<th>B<tr><td>1<td>2<td>3</table>")
    assert (table.header, table.rows) == (("A", "B", "column 3"), (("1", "2", "3"),))


def test_a_lone_header_in_a_short_row_is_no_second_header() -> None:
    table = _one("<table><tr><th>A<th>B<tr><th>Group<tr><td>1<td>2</table>")
    assert (table.header, table.rows) == (("A", "B"), (("Group", ""), ("1", "2")))


def test_header_cells_all_over_make_one_header() -> None:
    table = _one(f"<table>{HEAD}{HEAD.replace('A', '1')}{HEAD.replace('A', '2')}</table>")
    assert (table.header, len(table.rows)) == (("A", "B"), 2)


def test_a_header_of_pictures_is_a_header() -> None:
    table = _one("<table><tr><th><th><img alt=x><tr><td>1<td>2</table>")
    assert (table.header, table.rows) == (("column 1", "column 2"), (("1", "2"),))


@pytest.mark.parametrize(
    ("first", "is_data"),
    [
        ("<td>3<td>a", True),
        ("<td>1998<td>a", True),
        ("<td>a<td>44", True),
        ("<td>a<td>1998", False),
        ("<td>a<td>b", False),
        ("<td><td>2", True),
        ("<th>3<th>a", False),
    ],
)
def test_a_first_row_of_numbers_like_the_others_is_data(first: str, is_data: bool) -> None:
    rest = "<tr><td>4<td>5.1%<tr><td>5<td>-6</table>"
    table = _one(f"<table><tr>{first}{rest}")
    assert len(table.rows) == 2 + is_data


def test_several_numbers_in_a_first_row_are_names() -> None:
    table = _one("<table><tr><td>Team<td>1<td>2<tr><td>X<td>3<td>1</table>")
    assert table.header == ("Team", "1", "2")


def test_row_headers_are_data() -> None:
    table = _one("<table><tr><th>A<th>B<th>C<tr><th>x<td>1<td>2</table>")
    assert table.rows == (("x", "1", "2"),)


def test_names_are_made_unique() -> None:
    table = _one("<table><tr><th>A<th>A<th><th>A (2)<tr><td>1<td>2<td>3<td>4</table>")
    assert table.header == ("A", "A (2)", "column 3", "A (2) (2)")


def test_a_coloured_column_under_the_name_of_the_next_goes() -> None:
    table = _one("<table><tr><th colspan=2>Party<th>Seats<tr><td><td>Labour<td>9</table>")
    assert (table.header, table.rows) == (("Party", "Seats"), (("Labour", "9"),))


def test_signs_are_joined_with_their_numbers() -> None:
    table = _one(
        "<table><tr><td><td colspan=2>2023<td>&nbsp;<td colspan=3>2022"
        "<tr><td>Sales<td>$<td>1,234<td><td>$<td>(12<td>)"
        "<tr><td>Costs<td><td>99<td><td><td>5<td></table>"
    )
    assert table.header == ("column 1", "2023", "2022")
    assert table.rows == (("Sales", "$1,234", "$(12)"), ("Costs", "99", "5"))


def test_signs_under_a_name_of_their_own_stay() -> None:
    table = _one("<table><tr><th>Unit<th>Sum<tr><td>$<td>1<tr><td>€<td>2</table>")
    assert table.rows == (("$", "1"), ("€", "2"))


def test_empty_rows_and_nameless_empty_columns_go() -> None:
    table = _one("<table><tr><th>A<th><th>B<tr><td><td><td><tr><td>1<td><td></table>")
    assert (table.header, table.rows) == (("A", "B"), (("1", ""),))


def test_banners_and_repeated_headers_are_no_data() -> None:
    banner = "<tr><th colspan=2>Season one</th></tr>"
    table = _one(f"<table>{banner}{HEAD}{banner}{ROW}{HEAD}</table>")
    assert table == Table(("A", "B"), (("1", "2"),), "", "Season one")


def test_banners_of_parts_and_notes_are_no_title() -> None:
    one, two = ("<tr><td colspan=2>One<td></td></tr>", "<tr><td colspan=3>Two</td></tr>")
    rows = "<tr><td>1<td>2<td>3</tr>"
    head = "<tr><th>A<th>B<th>C</tr>"
    titled = _one(f"<h2>S</h2><table>{one}{head}{rows}{two}</table>")
    assert (titled.section, titled.rows) == ("One", (("1", "2", "3"),))
    parts = _one(f"<h2>S</h2><table>{one}{head}{rows}{two}{rows.replace('1', '4')}</table>")
    assert (parts.section, len(parts.rows)) == ("S", 2)


def test_a_caption_goes_before_a_heading_and_a_banner() -> None:
    caption = "<caption>Best <i>of</i> all[1]</caption>"
    page = f"<h2>Other</h2><table>{caption}<tr><th colspan=2>Banner{HEAD}{ROW}</table>"
    assert _one(page).section == "Best of all"


def test_the_nearest_heading_counts() -> None:
    sections = [table.section for table in html_tables(f"{TABLE}<h2>Two</h2><h3>Three</h3>{TABLE}")]
    assert sections == ["", "Three"]


def test_a_term_right_above_a_table_is_its_heading() -> None:
    page = parse_html(
        f"<h2>Two</h2><dl><dt>Men</dl>{TABLE}<p>Said.{TABLE}<dl><dt>A<dd>B</dl>{TABLE}"
    )
    assert [table.section for table in page.tables] == ["Men", "Two", "Two"]
    assert page.blocks == ("Said.", "B")


def test_short_paragraphs_are_headings_where_a_page_has_none() -> None:
    page = parse_html(f"<h1>T</h1><p>It is so.<p><em>Men’s doubles</em><p>He won.{TABLE}")
    assert page.tables[0].section == "Men’s doubles"
    assert page.blocks == ("It is so.", "He won.")


def test_title_of_the_page() -> None:
    assert parse_html("<title> A\n b </title><h1>C</h1>").title == "A b"
    assert parse_html("<title></title><h1>C <i>d</i></h1>").title == "C d"
    assert parse_html("<svg><title>no</title></svg>").title == ""


@pytest.mark.parametrize(
    "hidden",
    [
        '<span style="display:none">x</span>',
        '<span style="color: red; display: none">x</span>',
        "<script>x</script>",
        "<style>x</style>",
        '<sup class="reference">x</sup>',
        '<span class="sortkey">x</span>',
        '<span class="noprint">x</span>',
        '<span style="visibility:hidden;color:transparent">x</span>',
        "<span hidden>x</span>",
        "<!-- x -->",
        "[12]",
        " [note 3]",
        "{{dts|format=dmy",
    ],
)
def test_hidden_text_is_no_text(hidden: str) -> None:
    assert _one(f"<table>{HEAD}<tr><td>1{hidden}</td><td>2</td></tr></table>").rows[0][0] == "1"


def test_hidden_elements_in_hidden_elements() -> None:
    page = parse_html('<div class="navbox"><div class="navbox"><p>Deep.</div></div><p>Seen.')
    assert page.blocks == ("Seen.",)


def test_blocks_in_a_cell_are_set_apart() -> None:
    cell = "Drive<br>Time<ul><li>one</li><li><b>t</b>wo</li></ul><p>End</p>"
    assert _one(f"<table>{HEAD}<tr><td>{cell}<td>2</table>").rows[0][0] == (
        "Drive Time one, two End"
    )


def test_cell_attributes_that_were_not_rendered_go() -> None:
    cell = '!align="center" bgcolor="gold"|GOLD:'
    assert _one(f"<table>{HEAD}<tr><td>{cell}<td>a | b</table>").rows[0] == ("GOLD:", "a | b")


def test_a_nested_table_stands_for_itself() -> None:
    inner = "<table><tr><th>C<th>D<tr><td>3<td>4</table>"
    page = f"<h2>S</h2><table>{HEAD}<tr><td>1 {inner}<td>2</table>{TABLE}"
    outer, nested, last = html_tables(page)
    assert (outer.header, outer.rows) == (("A", "B"), (("1", "2"),))
    assert (nested.header, nested.rows, nested.section) == (("C", "D"), (("3", "4"),), "S")
    assert last.rows == (("1", "2"),)


def test_a_layout_table_gives_way_to_what_it_holds() -> None:
    page = parse_html(f"<table><tr><td>Menu<td><p>Prose here.</p>{TABLE}<tr><td>a<td>b</table>")
    assert [table.header for table in page.tables] == [("A", "B")]
    assert "Prose here." in page.blocks


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (f'<table role="presentation">{HEAD}{ROW}</table>', "layout"),
        (f"<table><tr><td>{'word ' * 500}<td>b<tr><td>1<td>2</table>", "layout"),
        ("<table><tr><td>Menu<td>Text</table>", "layout"),
        ("<table><tr><td colspan=2>A box.<tr><td><td></table>", "layout"),
        (f'<table class="navbox">{HEAD}{ROW}</table>', "navigation"),
        (f"<nav><table>{HEAD}{ROW}</table></nav>", "navigation"),
        (f'<table class="wikitable succession-box">{HEAD}{ROW}</table>', "navigation"),
        (f'<table id="toc">{HEAD}{ROW}</table>', "contents"),
        (f'<table class="infobox vcard">{HEAD}{ROW}</table>', "infobox"),
        (f'<div class="infobox"><table>{HEAD}{ROW}</table></div>', "infobox"),
        (f'<table class="metadata plainlinks ambox">{HEAD}{ROW}</table>', "notice"),
        (f"<object><table>{HEAD}{ROW}</table></object>", "hidden"),
        (f'<table style="color:red; DISPLAY : none">{HEAD}{ROW}</table>', "hidden"),
        (f"<table>{HEAD}</table>", "empty"),
        ("<table></table>", "empty"),
        ("<table><tr><td> <td>&nbsp;</table>", "empty"),
        ("<table><tr><th>A<tr><td>1</table>", "one-column"),
        ("<table><tr><th>A<th><tr><td>1<td></table>", "one-column"),
        ("<table><tr><td colspan=2>A<tr><td colspan=2>B<tr><td><td></table>", "one-column"),
        ("<table><tr><th>Born<td>1950<tr><th>Died<td>1999</table>", "key-value"),
        ("<table><tr>" + "<th>x" * 61 + "<tr>" + "<td>1" * 61 + "</table>", "too-wide"),
        ("<table>" + "<tr><td rowspan=0 colspan=1000>x" * 2000 + "</table>", "too-large"),
        ("<table>" + "<tr><td>x" * 2000 + "<td>y" * 2000 + "</table>", "too-large"),
    ],
)
def test_what_is_no_data_table(table: str, reason: str) -> None:
    page = parse_html(f"{table}<p>Text.")
    assert (page.tables, page.rejected) == ((), ((reason, 1),))
    assert page.blocks[-1] == "Text."


MONTH = "<tr>" + "".join(
    f"<td>{day if 0 < day < 31 else ''}{'<tr>' if day % 7 == 5 else ''}" for day in range(-1, 34)
)


@pytest.mark.parametrize(
    "head",
    [
        "<tr><th>Su<th>Mo<th>Tu<th>We<th>Th<th>Fr<th>Sa",
        "<tr><td colspan=7>June<tr><td>S<td>M<td>T<td>W<td>T<td>F<td>S",
    ],
)
def test_the_days_of_a_month_are_no_data(head: str) -> None:
    assert parse_html(f"<table>{head}{MONTH}</table>").rejected == (("calendar", 1),)
    events = MONTH.replace("<td>12", "<td>12 Race")
    weeks = events.replace("<tr>", "<tr><td>23")
    assert parse_html(f"<table>{head}{events}</table>").rejected == (("calendar", 1),)
    with_weeks = f"<table>{head.replace('<tr>', '<tr><th>')}{weeks}</table>"
    assert parse_html(with_weeks).rejected == (("calendar", 1),)


def test_numbered_rows_of_seven_columns_are_no_calendar() -> None:
    rows = "".join(f"<tr><td>{number}<td>a<td>b<td>c<td>d<td>e<td>f" for number in range(1, 40))
    table = f"<table><tr><th>No<th>A<th>B<th>C<th>D<th>E<th>F{rows}</table>"
    assert len(_one(table).rows) == 39


def test_every_table_element_is_kept_or_counted() -> None:
    inner = f"<table class=navbox>{HEAD}{ROW}</table>"
    page = parse_html(
        f"""<table><tr><td>{TABLE}<td>{inner}</table><aside>{TABLE}<div hidden>{TABLE}</div></aside>
        <table class=infobox><tr><td>{TABLE}<td>x</table><template>{TABLE}</template>{TABLE}"""
    )
    assert len(page.tables) == 2
    assert page.rejected == (("infobox", 2), ("navigation", 3), ("nested-layout", 1))


def test_what_a_layout_table_holds_reads_as_if_it_were_not_there() -> None:
    page = parse_html(
        f"""<table role=none><caption>One.</caption><tr><td rowspan=2><ul><li>Two.<li>Three.</ul>
        <h2>Four</h2><td>{TABLE}<h3>See also</h3><p>Five.<h3>[1]</h3></table>"""
    )
    assert page.tables[0].section == "Four"
    assert page.blocks == ("One.", "Two.", "Three.")


def test_a_nested_layout_table_is_part_of_its_cell() -> None:
    page = parse_html(f"<table>{HEAD}<tr><td><table><tr><td>1</table> or<td>2</table>")
    assert page.tables[0].rows == (("1 or", "2"),)
    assert page.rejected == (("layout", 1),)


def test_tables_are_read_through_so_many_others_and_no_more() -> None:
    def page(levels: int) -> str:
        return "<table><tr><td>" * levels + f"{TABLE}<p>Said.</p>" + "</table>" * levels

    assert len(parse_html(page(10)).tables) == 1
    deep = parse_html(page(40))
    assert (deep.tables, sum(count for _, count in deep.rejected)) == ((), 41)
    assert "Said." in deep.blocks


@pytest.mark.parametrize("span", ["x", "", "-3", "0", "1.5"])
def test_odd_spans_are_one(span: str) -> None:
    row = f'<tr><td colspan="{span}">1</td><td>2</td></tr>'
    assert _one(f"<table>{HEAD}{row}</table>").rows == (("1", "2"),)


def test_huge_spans_are_clamped() -> None:
    digits = "9" * 5_000
    row = f'<tr><td rowspan="{digits}">1</td><td colspan="{digits}">2</td></tr>'
    assert _one(f"<table>{HEAD}{row}</table>").rows == (("1", "2"),)


GRID = """<div role="table"><div role="rowgroup"><div role="row"><span role="columnheader">A</span>
<span role="columnheader">B</span></div></div><div role="rowgroup"><div role="row">
<span role="cell"><p>1</p></span><span role="gridcell">2</span></div></div></div>"""


def test_grids_of_roles_are_tables() -> None:
    page = parse_html(f"<p>One.</p>{GRID}<p>Two.</p>")
    assert page.tables == (Table(("A", "B"), (("1", "2"),)),)
    assert page.blocks == ("One.", "Two.")
    assert parse_html(f"{GRID}<table>{HEAD}<tr><td>{GRID}<td>2</table>").tables[0].width == 2


def test_boxes_styled_as_tables_are_tables() -> None:
    row = '<div style="display: table-row"><p style="display:table-cell">{}</p>{}</div>'
    last = '<span style="color:red;Display:table-cell">{}</span>'
    rows = row.format("A", last.format("B")) + row.format("x", last.format("y"))
    page = parse_html(f'<div style="display:table">{rows}</div><p>Text.')
    assert page.tables == (Table(("A", "B"), (("x", "y"),)),)
    assert parse_html('<div style="display:inline-table">Text.</div>').blocks == ("Text.",)


def test_roles_of_native_elements_and_outside_tables_change_nothing() -> None:
    table = f"<table role=grid>{HEAD}{ROW}</table>".replace("<tr>", "<tr role=row>")
    page = parse_html(f'{table}<div role="row"><div role="cell">Alone.</div></div>')
    assert page.tables == (Table(("A", "B"), (("1", "2"),)),)
    assert page.blocks == ("Alone.",)


def test_prose_in_document_order() -> None:
    page = parse_html(
        f"""<nav>Menu</nav><p>One <b>b</b>old<sup class="reference">[1]</sup>.</p>
        <div>Two.<p>Three.</p>Four.</div>{TABLE}
        <ul><li>Five.<ul><li>Six.</li></ul></li></ul><dl><dt>Seven<dd>Eight.</dl>
        <figure>Picture</figure><footer>Foot</footer>"""
    )
    assert page.blocks == (
        "One bold.", "Two.", "Three.", "Four.", "Five.", "Six.", "Eight.",
    )  # fmt: skip


def test_back_matter_is_no_prose() -> None:
    page = parse_html(
        "<h2>Life</h2><p>A.</p><h2>Notes</h2><p>B.</p><h3>Books</h3><p>C.</p>"
        "<h2>Legacy</h2><p>D.</p>"
    )
    assert page.blocks == ("A.", "D.")


def test_address_of_the_page() -> None:
    comment = "<!-- http%3A//x.org/wiki%3Fa%3D1 2014-06-09 --><p>Hi."
    assert parse_html(comment).uri == "http://x.org/wiki?a=1"
    assert parse_html('<link rel="canonical" href="https://y.org/">').uri == "https://y.org/"
    assert parse_html("<!-- nothing --><p>Hi.").uri == ""


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("<ul><li>One.<li>Two.</ul>", ("One.", "Two.")),
        ("<dl><dt>Term<dd>It is so.</dl>", ("It is so.",)),
        ("<p>Seen.<img alt='An image.'>", ("Seen.",)),
        ("<h2>Life<span class=mw-editsection>[edit]</span></h2><p>Seen.", ("Seen.",)),
        ("<p>Seen.</p><div class=catlinks>Categories: A.</div>", ("Seen.",)),
        ("<p>Seen.</p><div class=reflist><ol><li>A book.</ol></div>", ("Seen.",)),
        (f"<table><caption>Said above.</caption>{HEAD}{ROW}</table><p>Seen.", ("Seen.",)),
        ("<table><caption>Said.</caption><tr><td>Box.</table>", ("Said.", "Box.")),
        ("<p>A_house_-_front.JPG The house was built.", ("The house was built.",)),
        ("<p>House.svg The house was built.", ("The house was built.",)),
        ("<p>index.gif is the name.", ("index.gif is the name.",)),
        ("<div class=NavContent style='display:none'>Seen.</div>", ("Seen.",)),
    ],
)
def test_what_is_prose(html: str, blocks: tuple[str, ...]) -> None:
    assert parse_html(f"<h2>x</h2>{html}").blocks == blocks


def test_references_to_control_characters_do_no_harm() -> None:
    page = parse_html("<p>&#28;&#31;7 a &#0;b.<p>&#30;2c.")
    assert [block[-2:] for block in page.blocks] == ["b.", "c."]


def test_surrogates_become_question_marks() -> None:
    assert parse_html("<p>A \ud800 b.").blocks == ("A ? b.",)


def test_marks_in_the_text_do_no_harm() -> None:
    page = parse_html(f"<p>A\x1c\x1f7 b\x1dc\x1e2d.</p><table>{HEAD}<tr><td>\x1f0<td>2</table>")
    assert page.blocks == ("A 7 b c 2d.",)
    assert page.tables[0].rows == (("0", "2"),)


def test_an_empty_page() -> None:
    page = parse_html("")
    assert (page.title, page.tables, page.blocks) == ("", (), ())


def test_a_huge_page_is_refused() -> None:
    with pytest.raises(InputError, match="20 million"):
        parse_html("x" * 20_000_001)


def test_a_figure_may_hold_a_table() -> None:
    page = parse_html(f"<figure>{TABLE}<figcaption>It.</figcaption></figure><figure>No.</figure>")
    assert len(page.tables) == 1
    assert page.blocks == ()


def test_the_body_is_never_noise() -> None:
    assert parse_html('<html class="toc"><body class="sidebar"><p>Seen.').blocks == ("Seen.",)
