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


def test_row_headers_are_data() -> None:
    table = _one("<table><tr><th>A<th>B<th>C<tr><th>x<td>1<td>2</table>")
    assert table.rows == (("x", "1", "2"),)


def test_names_are_made_unique() -> None:
    table = _one("<table><tr><th>A<th>A<th><th>A (2)<tr><td>1<td>2<td>3<td>4</table>")
    assert table.header == ("A", "A (2)", "column 3", "A (2) (2)")


def test_empty_rows_and_nameless_empty_columns_go() -> None:
    table = _one("<table><tr><th>A<th><th>B<tr><td><td><td><tr><td>1<td><td></table>")
    assert (table.header, table.rows) == (("A", "B"), (("1", ""),))


def test_banners_and_repeated_headers_are_no_data() -> None:
    banner = "<tr><th colspan=2>Season one</th></tr>"
    table = _one(f"<table>{banner}{HEAD}{banner}{ROW}{HEAD}</table>")
    assert table == Table(("A", "B"), (("1", "2"),), "", "Season one")


def test_a_caption_goes_before_a_heading_and_a_banner() -> None:
    caption = "<caption>Best <i>of</i> all[1]</caption>"
    page = f"<h2>Other</h2><table>{caption}<tr><th colspan=2>Banner{HEAD}{ROW}</table>"
    assert _one(page).section == "Best of all"


def test_the_nearest_heading_counts() -> None:
    sections = [table.section for table in html_tables(f"{TABLE}<h2>Two</h2><h3>Three</h3>{TABLE}")]
    assert sections == ["", "Three"]


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
    "table",
    [
        f'<table role="presentation">{HEAD}{ROW}</table>',
        f'<table class="navbox">{HEAD}{ROW}</table>',
        f'<table class="infobox vcard">{HEAD}{ROW}</table>',
        f'<table class="metadata plainlinks ambox">{HEAD}{ROW}</table>',
        f'<table id="toc">{HEAD}{ROW}</table>',
        f"<table>{HEAD}</table>",
        "<table><tr><th>A<tr><td>1</table>",
        "<table><tr><th>Born<td>1950<tr><th>Died<td>1999</table>",
        "<table></table>",
        f"<table><tr><td>{'word ' * 500}<td>b<tr><td>1<td>2</table>",
        "<table><tr>" + "<th>x" * 61 + "<tr>" + "<td>1" * 61 + "</table>",
        "<table>" + "<tr><td rowspan=0 colspan=1000>x" * 2000 + "</table>",
    ],
)
def test_what_is_no_data_table(table: str) -> None:
    assert html_tables(table) == []


@pytest.mark.parametrize("span", ["x", "", "-3", "0", "1.5"])
def test_odd_spans_are_one(span: str) -> None:
    row = f'<tr><td colspan="{span}">1</td><td>2</td></tr>'
    assert _one(f"<table>{HEAD}{row}</table>").rows == (("1", "2"),)


def test_huge_spans_are_clamped() -> None:
    digits = "9" * 5_000
    row = f'<tr><td rowspan="{digits}">1</td><td colspan="{digits}">2</td></tr>'
    assert _one(f"<table>{HEAD}{row}</table>").rows == (("1", "2"),)


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


def test_a_deep_page_is_refused() -> None:
    with pytest.raises(InputError, match="2,000"):
        parse_html("<div>" * 2_001)
    with pytest.raises(InputError, match="nests"):
        parse_html("<table><tr><td>" * 3_000)


def test_left_out_end_tags_scripts_and_comments_add_no_depth() -> None:
    page = "<p>a<li>b<br>" * 3_000 + f"<script>{'<div>' * 3_000}</script>{TABLE}"
    assert len(html_tables(page + "<!--" + "<div>" * 3_000)) == 1


def test_a_figure_may_hold_a_table() -> None:
    page = parse_html(f"<figure>{TABLE}<figcaption>It.</figcaption></figure><figure>No.</figure>")
    assert len(page.tables) == 1
    assert page.blocks == ()


def test_the_body_is_never_noise() -> None:
    assert parse_html('<html class="toc"><body class="sidebar"><p>Seen.').blocks == ("Seen.",)
