import random
import re
from functools import cache

import pytest

from gentap.synthesis.grammar import Grammar
from gentap.synthesis.grammar.columns import read_columns
from gentap.synthesis.grammar.english import is_plural, ordinal, plural, possessive, singular
from gentap.synthesis.grammar.spoken import said, usable
from gentap.synthesis.grammar.titles import Title, listed_noun, read_title
from gentap.synthesis.grammar.view import TableView
from gentap.table import Table
from tests.synthesis.grammar_tables import ALL, BRIDGES, DRIVERS, FILMS, MATCHES, ODD, ROLES

GRAMMAR = Grammar.load()


def ask(table, count=500):
    return GRAMMAR.generate(table, count, random.Random(0))


@cache
def questions(table):
    rngs = map(random.Random, range(4))
    return [asked.question for rng in rngs for asked in GRAMMAR.generate(table, 500, rng)]


def columns(table):
    return {
        column.phrase: column for column in read_columns(TableView(table), GRAMMAR.rules.lexicon)
    }


@pytest.mark.parametrize("table", ALL)
def test_questions_read_like_questions(table):
    for asked in ask(table):
        assert asked.question[0].isupper()
        assert asked.question.endswith("?")
        assert not set("[]") & set(asked.question)
        assert "  " not in asked.question
        assert "notes" not in asked.question.lower()
        assert not re.search(r"\b(a [aeio]|an [bcdfg]|the the)", asked.question)
        assert len(asked.question.split()) <= 24


def test_titles_are_mentioned_sometimes_and_only_where_there_are_any():
    titled = ["1970 Formula One season" in question for question in questions(DRIVERS)]
    assert 0.01 < sum(titled) / len(titled) < 0.5
    assert any("in the 1970 Formula One season?" in question for question in questions(DRIVERS))
    assert not any("page" in question for question in questions(ODD))
    assert any(q.startswith("According to the list of bridges") for q in questions(BRIDGES))


@pytest.mark.parametrize(
    ("header", "cells", "phrase"),
    [
        ("Winner(s)", ["Aa", "Bb"], "winner"),
        ("Platform ( s )", ["Aa", "Bb"], "platform"),
        ("Home Stadium", ["Aa", "Bb"], "home stadium"),
        ("Original NFL team", ["Aa", "Bb"], "original NFL team"),
        ("French title", ["Aa", "Bb"], "French title"),
        ("City , State", ["Aa", "Bb"], "city"),
        ("Men's winner", ["Aa", "Bb"], "men's winner"),
        ("Elevation m", ["1", "3"], "elevation"),
        ("PLAYER", ["Aa", "Bb"], "player"),
        ("# of accidents", ["1", "3"], "accidents"),
        ("# of rounds", ["Aa", "Bb"], "number of rounds"),
        ("Number of staff", ["1", "3"], "number of staff"),
        ("No.", ["1", "3"], "number"),
        ("Gold", ["1", "3"], "gold medals"),
        ("Gold", ["Ann", "Bea"], "gold medalist"),
        ("Opened", ["1990", "1991"], "opening date"),
        ("Elevation (m)", ["1", "3"], "elevation"),
        ("Population (2010)", ["1", "3"], "2010 population"),
        ("Name of ship", ["Aa", "Bb"], "ship"),
        ("Title of work", ["Aa", "Bb"], "work"),
        ("Church name", ["Aa", "Bb"], "church"),
        ("City/county", ["Aa", "Bb"], "city or county"),
        ("Directed by", ["Aa", "Bb"], "director"),
        ("Total apps", ["1", "3"], "total appearances"),
        ("City/Town/Village", ["Aa", "Bb"], "city, town or village"),
        ("Chart positions", ["1", "3"], "chart position"),
        ("Wrestlers", ["Aa", "Bb"], "wrestler"),
        ("Wrestlers", ["Ann Lee Bea Roe", "Cy Poe Di Doe"], "wrestlers"),
    ],
)
def test_column_phrases(header, cells, phrase):
    table = Table.padded(["Song", header], [["Xx", cells[0]], ["Yy", cells[1]]])
    assert list(columns(table))[1:] == [phrase]


@pytest.mark.parametrize(
    "header",
    [
        "Notes", "12 points", "R1", "Week 3", "Moving from", "Games started", "GB", "Jan", "Cup",
        "Sales (in millions)", "Some three words", "Biographical notes", "Reference(s)", "Löffel",
        "Unnamed: 3", "Men's team", "Round 2 of three", "Irish", "Team", "UK singles",
        "Score (2)", "Seats lost", "Results score", "Year first flight", "Games for new club",
        "For the show", "Coach of the month club", "Size (1=largest)", "Best score",
        "Winner/Runner-up",
    ],
)  # fmt: skip
def test_headers_without_a_good_name(header):
    table = Table.padded(["Player", header, "Score"], [["Xx", "1", "Aa"], ["Yy", "3", "Bb"]])
    assert list(columns(table)) in (["player", "score"], ["player"])


def test_a_column_may_give_way_to_another():
    rows = [["Aa", "1–0", "2–0"], ["Bb", "3–1", "3–1"]]
    assert "score" not in columns(Table.padded(["Opponent", "Score", "Result"], rows))
    assert "score" in columns(Table.padded(["Opponent", "Score", "Competition"], rows))


@pytest.mark.parametrize(
    ("cells", "several"),
    [(["Rosa Godoy Roxana Preussler Estela Martínez", "Maria Ines Julia Mombi Ann Lee"], True),
     (["Boca Juniors", "Club Atlético River Plate"], False)],
)  # fmt: skip
def test_the_name_of_a_team_may_be_those_of_its_members(cells, several):
    rows = [["1", cells[0], "3:30"], ["2", cells[1], "3:40"]]
    table = Table.padded(["Rank", "Team", "Time"], rows)
    assert ("several" in columns(table)["team"].types) is several


def test_numbers_that_another_column_has_more_of_are_not_asked_for():
    rows = [["2001", "16", "9"], ["2002", "12", "5"]]
    assert set(columns(Table.padded(["Year", "Games", "Tackles"], rows))) >= {"tackles"}
    told = columns(Table.padded(["Year", "Tackles", "Combined Tackles"], rows))
    assert "tackles" not in told


def test_what_is_said_alike_is_not_counted():
    italies = [
        ["Milan", "Italy (Napoleonic)"],
        ["Turin", "Italy (Sardinian)"],
        ["Corte", "Corsica"],
    ]

    def most(rows):
        made = ask(Table.padded(["Capital", "Country"], rows))
        return [one for one in made if one.family == "frequency" and one.query.target == 1]

    assert most([["Milan", "Italy"], ["Turin", "Italy"], ["Corte", "Corsica"]])
    assert not most(italies)


@pytest.mark.parametrize(
    "cell", ["Matias Cima (MD) Alex Lee (NC)", "Ann Lee Bea Van Roe", "A/B Lee"]
)
def test_two_persons_are_no_answer(cell):
    rows = [["2001", cell], ["2002", "Cy Poe"], ["2003", "Di Doe"]]
    answers = {one.answer for one in ask(Table.padded(["Year", "Winner"], rows))}
    assert "Cy Poe" in answers
    assert cell not in answers


def test_where_names_repeat_others_do_not_name_the_rows():
    rows = [["Disko Ride", "Luna Park", "2001"], ["Disko Ride", "Oaks Park", "2002"]]
    rows += [["Electro Ride", "Fun Park", "2003"], ["Electro Ride", "Old Park", "2004"]]
    table = Table.padded(["Ride", "Park", "Opened"], rows)
    assert not any("subject" in column.types for column in columns(table).values())
    assert (
        "subject"
        in columns(Table.padded(["Park", "Opened"], [row[1:] for row in rows]))["park"].types
    )


def test_of_a_list_of_one_nobody_is_the_first():
    rows = [["2001", "Ross Team"], ["2002", "Ross Team"], ["2003", "Ross Team"]]
    made = ask(Table.padded(["Year", "Team"], rows))
    assert not [one for one in made if one.family == "position" and one.query.target == 1]
    made = ask(Table.padded(["Year", "Team"], [*rows, ["2004", "Jets"]]))
    assert [one for one in made if one.family == "position" and one.query.target == 1]


def test_of_picks_by_rounds_nobody_is_the_third():
    rows = [["1", "3", "Ann Lee"], ["2", "1", "Bea Roe"], ["3", "2", "Cy Poe"]]
    assert any("pick?" in one for one in questions(Table.padded(["No", "Pick", "Player"], rows)))
    rounds = questions(Table.padded(["Round", "Pick", "Player"], rows))
    assert rounds
    assert not any("pick?" in one or "picked" in one for one in rounds)


def test_on_the_page_of_an_actor_nobody_else_played_his_roles():
    rows = [["Heat", "Kate", "Al Poe"], ["Rain", "Mary", "Bo Roe"], ["Snow", "Lucy", "Cy Doe"]]
    header = ["Film", "Role", "Actor"]
    assert any("ho played Kate?" in one for one in questions(Table.padded(header, rows)))
    own = Table.padded([*header[:2], "Director"], rows)
    assert not any("ho played" in one for one in questions(own))


def test_a_unit_is_said_where_it_tells_two_columns_apart():
    assert {"length in metres", "length in feet"} <= set(columns(BRIDGES))


def test_numbers_get_the_unit_of_their_header():
    rows = [["Uri", "1,077"], ["Zug", "239"], ["Jura", "838"]]
    told = questions(Table.padded(["Canton", "Area (km²)"], rows))
    assert any(re.search(r"an area of (1,077|239|838) km²\?", question) for question in told)
    assert any(re.search(r"an area between [\d,]+ and [\d,]+ km²\?", question) for question in told)


def test_places_are_in_or_at_what_they_are_said_to_be():
    rows = [["Old Hall", "Rome"], ["New Hall", "12 Elm Street"], ["Long Hall", "Ross Stadium"]]
    told = questions(Table.padded(["Building", "Location"], rows))
    assert any("is in Rome?" in question for question in told)
    assert any("is at 12 Elm Street?" in question for question in told)
    assert any("is at Ross Stadium?" in question for question in told)


def test_verbs_and_articles_follow_the_names_of_teams():
    rows = [["Buffalo Bills", "1960", "9"], ["Denver Broncos", "1961", "7"], ["Jets", "1962", "3"]]
    told = questions(Table.padded(["Team", "Founded", "Wins"], rows))
    assert any("do the Denver Broncos have?" in question for question in told)
    assert any("were the Buffalo Bills founded?" in question for question in told)
    nations = Table.padded(["Nation", "Capital"], [["Netherlands", "Amsterdam"], ["Italy", "Rome"]])
    assert any("capital of the Netherlands?" in question for question in questions(nations))
    article = GRAMMAR.rules.lexicon.article
    assert [article(name) for name in ("US Open", "League", "Tour de Suisse", "Gambia")] == [
        "the US Open", "League", "the Tour de Suisse", "the Gambia",
    ]  # fmt: skip


def test_where_asks_for_nothing_where_two_columns_say_it():
    rows = [["Old Hall", "Rome", "1 Via Appia, 41° N"], ["New Hall", "Pisa", "2 Via Arno, 43° N"]]
    header = ["Building", "City", "Location"]
    assert any(q.startswith("Where") for q in questions(Table.padded(header[:2], rows)))
    assert not any(q.startswith("Where") for q in questions(Table.padded(header, rows)))


def test_some_names_of_rows_are_not_said():
    rows = [["Ann Lee, Bea Roe", "9"], ["Cy Poe", "7"], ["Di Doe Ed Fox Gil", "5"], ["Ida", "3"]]
    told = questions(Table.padded(["Player", "Goals"], rows))
    assert any("Cy Poe" in question for question in told)
    assert not any("Bea Roe" in question or "Ed Fox" in question for question in told)


def test_seasons_of_a_team_are_a_players_where_the_years_stand_beside():
    rows = [["1990", "Bills", "16", "3"], ["1991", "Jets", "14", "7"], ["1992", "Rams", "12", "9"]]
    told = questions(Table.padded(["Year", "Team", "Games", "Goals"], rows))
    assert told
    assert not any(re.search(r"did the \w+ (?:play|score)", question) for question in told)


def test_a_name_is_that_of_what_the_list_lists_or_of_a_person():
    assert "bridge" in columns(BRIDGES)
    table = Table.padded(["Name", "Party"], [["Ann", "A"], ["Bea", "B"]])
    assert "person" in columns(table)["person"].types
    assert "name" in columns(Table.padded(["Name", "Code"], [["Ann", "A"], ["Bea", "B"]]))


@pytest.mark.parametrize(
    ("table", "start"),
    [
        (DRIVERS, "How many points did"),
        (DRIVERS, "Who finished second?"),
        (DRIVERS, "Which team did Dee Dash drive for?"),
        (DRIVERS, "Which driver is French?"),
        (DRIVERS, "When was Cid Cole born?"),
        (DRIVERS, "Who is the oldest driver?"),
        (FILMS, "Who directed Gamma?"),
        (FILMS, "Which film did Cat direct?"),
        (FILMS, "When was Alpha released?"),
        (ODD, "How old is Bea?"),
        (ODD, "Who went to Rice?"),
        (MATCHES, "What was the result against the Buffalo Bills?"),
        (MATCHES, "On which date was the attendance highest?"),
        (MATCHES, "How many people attended the game against the Chicago Bears?"),
        (MATCHES, "Who was the opponent on June 2?"),
        (ROLES, "What role did Jane Doe play in Green?"),
        (BRIDGES, "Which bridge is in Angus?"),
        (BRIDGES, "Which bridge was opened in May 1936?"),
        (BRIDGES, "Which county has the most bridges?"),
    ],
)
def test_question_words_follow_the_columns(table, start):
    assert any(question.startswith(start) for question in questions(table))


def test_what_nobody_says_is_not_asked():
    everything = [question for table in ALL for question in questions(table)]
    never = ("the points of", "Who is in", "(ITA)", "[a]", "@", "Himself", "from Spanish")
    for wrong in (*never, "Where is Ann", "who is the team", "What are the points"):
        assert not any(wrong in question for question in everything), wrong


def test_one_of_something_is_singular():
    assert any("1 point?" in question for question in questions(ODD))
    assert not any(" 1 points" in question for question in questions(ODD))


@pytest.mark.parametrize(
    ("cell", "spoken"),
    [
        ("Delta [a]", "Delta"),
        ("Ann Lee (USA)", "Ann Lee"),
        ("(ITA)", "(ITA)"),
        ("@ Marlins", "Marlins"),
        ("at #25 Pittsburgh", "Pittsburgh"),
        ("vs. Rome", "Rome"),
        ("at home", "at home"),
        ("Ann *", "Ann"),
        ("8²", "8"),
        ("19 km²", "19 km²"),
    ],
)
def test_cells_are_said_without_the_marks_of_the_table(cell, spoken):
    assert said(cell) == spoken


@pytest.mark.parametrize(
    "cell",
    ["", "—", "N/A", "x" * 61, "http://a.org", "www.b.org", "52°N", "a; b", "?!", "/m/", "a / b"],
)
def test_cells_that_are_no_answer(cell):
    assert not usable(cell)
    assert usable("Ann's (1–0)")


@pytest.mark.parametrize(
    ("word", "many"),
    [
        ("city", "cities"),
        ("match", "matches"),
        ("film", "films"),
        ("person", "people"),
        ("day", "days"),
    ],
)
def test_plurals(word, many):
    assert plural(word) == many
    if word != "person":
        assert singular(many) == word
        assert is_plural(many) or len(many) < 4
    assert singular("series") == "series"


def test_ordinals_and_possessives():
    assert [ordinal(n) for n in (1, 12, 13, 21, 22, 103, 111)] == [
        "first", "twelfth", "13th", "21st", "22nd", "103rd", "111th",
    ]  # fmt: skip
    assert possessive("Ann") == "Ann's"
    assert possessive("James") == "James'"


@pytest.mark.parametrize(
    ("title", "text", "types"),
    [
        ("2007 Jets season", "2007 Jets season", {"any", "dated", "season"}),
        ("1964 in music", "1964 in music", {"any"}),
        ("List of bridges in Peru", "the list of bridges in Peru", {"any", "list"}),
        ("Mercury (planet)", "Mercury", {"any"}),
        ("Dungeons &amp; Dragons", "Dungeons & Dragons", {"any"}),
        ("Athletics – Women's 400 metres", "", set()),
        ("590", "", set()),
        ("", "", set()),
        ("Jane Doe filmography", "Jane Doe", {"any", "person"}),
    ],
)
def test_titles(title, text, types):
    read = read_title(title, "", GRAMMAR.rules.titles, [frozenset(("work", "role"))])
    assert (read.text, set(read.types)) == (text, types)


def test_a_word_of_the_heading_tells_what_a_page_is_about():
    kinds = GRAMMAR.rules.titles
    assert "award" in read_title("Jane Doe", "Winners", kinds, []).types
    assert read_title("9/11: Awards", "", kinds, []) == Title("", frozenset(("award",)))


def test_a_page_with_persons_in_its_table_is_about_no_person():
    read = read_title("Jane Doe", "", GRAMMAR.rules.titles, [frozenset(("work", "role", "person"))])
    assert read.types == {"any"}


@pytest.mark.parametrize(
    ("title", "noun"),
    [
        ("List of tallest buildings in Peru", "building"),
        ("Lists of Chinese inventions", "invention"),
        ("List of people from Rome", "person"),
        ("List of Colby College alumni", "person"),
        ("List of Rovers records and statistics", ""),
        ("Rome", ""),
    ],
)
def test_what_lists_list(title, noun):
    assert listed_noun("", title) == noun
