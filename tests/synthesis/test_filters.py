"""Which generated questions are kept: every reason has a question that it drops."""

from dataclasses import replace

import pytest

from gentap.records import Alignment, Source
from gentap.synthesis.filters import REASONS, fault, faults
from gentap.synthesis.questions import Request
from gentap.table import Table

TABLE = Table(
    ("Year", "Film", "Role", "Country"),
    (("1953", "Andes", "Carlos", "Peru"), ("1954", "Everest Love", "Tenzing", "Nepal")),
    "Red River",
)
SENTENCE = "In Andes of 1953 River played Carlos."


def request(asked="Carlos", sentence=SENTENCE, cells=("1953", "Andes", "Carlos")):
    evidence = tuple((0, TABLE.rows[0].index(cell)) for cell in cells)
    spans = tuple((sentence.index(cell), sentence.index(cell) + len(cell)) for cell in cells)
    alignment = Alignment(sentence, TABLE, evidence, spans, 1.0, 3.0, (), Source())
    return Request(alignment, asked)


CASES = [
    ("What role did River play in Andes?", "Carlos", None),
    ("What role did he play in Andes, Peru?", "Carlos", None),
    ("Who played Andes?", "Carlos", None),
    ("When did River play in Andes?", "1953", None),
    ("What role did River play in Andes", "Carlos", "not-a-question"),
    ("Did River play a role in Andes?", "Carlos", "not-a-question"),
    ("When was Andes made, and what role did River play?", "Carlos", "not-a-question"),
    ("What did in Andes of 1953 River?", "Carlos", "not-a-question"),
    ("What did River play in Andes?", "Carlos", None),
    ("What role did River played in Andes?", "Carlos", "not-a-question"),
    ("When did River won Andes?", "1953", "not-a-question"),
    ("What role did River succeed in, in Andes?", "Carlos", None),
    ("What role did the animated film Andes have?", "Carlos", None),
    ("Who played?", "Carlos", "too-short"),
    ("What film was in what film was in Peru?", "Carlos", "repeats-itself"),
    ("What role of Andes was the role of River?", "Carlos", "repeats-itself"),
    ("Who was Carlos of Andes?", "Carlos", "gives-answer-away"),
    ("What year of 1953 was Andes made?", "May 1953", "gives-answer-away"),
    ("What did he play there?", "Carlos", "no-referent"),
    ("What is the role in a film of Peruvian rivers?", "Carlos", "no-referent"),
    ("What was the part played in 1960?", "Carlos", "leads-to-no-row"),
    ("What role did River play in Everest Love?", "Carlos", "leads-elsewhere"),
    ("What role did River play in 1960?", "Carlos", "leads-elsewhere"),
    ("When did River play in Andes?", "Carlos", "asks-other-kind"),
    ("How many films had Andes?", "Carlos", "asks-other-kind"),
    ("Who was in Andes?", "1953", "asks-other-kind"),
    ("Where was Andes made?", "1953", "asks-other-kind"),
    ("Who is the 1953 film of River?", "Andes", "asks-other-kind"),
    ("Who was the director of the 1953 film Andes?", "Carlos", "other-relation"),
    ("What is the producer of Andes?", "Carlos", "other-relation"),
    ("What is the name of Andes?", "Carlos", "names-itself"),
    ("What country was Andes made in?", "Carlos", "asks-other-column"),
    ("What city was Andes made in?", "Carlos", "asks-other-column"),
    ("What song of Andes was played?", "Carlos", "asks-other-column"),
    ("When was a film of River made with Carlos?", "In Andes of 1953", "asks-subject"),
    ("When was a film of Peru made with Carlos?", "1953", "drops-subject"),
    ("What was River's first role in Andes?", "Carlos", "presumes"),
    ("What was River's former role in Andes?", "Carlos", "presumes"),
    ("What role in Andes was River best known for?", "Carlos", "presumes"),
]


@pytest.mark.parametrize(("question", "asked", "reason"), CASES)
def test_every_fault_has_its_name(question, asked, reason):
    assert fault(question, request(asked)) == reason


def test_a_reason_that_is_allowed_drops_nothing():
    question = "What film was what film was it"
    assert list(faults(question, request())) == [
        "not-a-question",
        "repeats-itself",
        "no-referent",
        "leads-to-no-row",
        "leads-elsewhere",
        "drops-subject",
    ]
    allow = ["not-a-question", "repeats-itself", "no-referent"]
    assert fault(question, request(), allow=allow) == "leads-to-no-row"
    assert fault(question, request(), allow=REASONS) is None


@pytest.mark.parametrize(
    ("question", "asked", "sentence", "reason"),
    [
        # A number of what?
        ("How many goals did Andes score?", "12 goals", "Andes scored 12 goals.", None),
        ("How many goals did Andes score?", "12", "Andes scored 12 late goals.", None),
        ("How many clubs did Andes beat?", "12", "Andes scored 12 goals.", "asks-other-kind"),
        ("How many goals did Andes score?", "12th", "Andes was 12th on goals.", "asks-other-kind"),
        ("How tall is Andes?", "12 m", "Andes is 12 m tall.", None),
        # A time is a year, a decade or a month.
        ("When was Andes made?", "May", "Andes was made in May.", None),
        ("When was Andes made?", "1950s", "Andes was made in the 1950s.", None),
        ("What year was Andes made?", "No. 985", "Andes is landmark No. 985.", "asks-other-kind"),
        # A place is in, at or near.
        ("Where was Andes made?", "Lima", "Andes was made in Lima.", None),
        ("Where was Andes made?", "Lima", "Andes was made for Lima.", "asks-other-kind"),
        # Who is nominated has not won.
        ("When did Andes win the cup?", "1953", "Andes took the cup home in 1953.",
         "asks-other-kind"),
        ("When did Andes win the cup?", "1953", "Andes won the cup in 1953.", None),
        # The relation that the sentence speaks of.
        ("What is the port of Andes?", "Lima", "Andes' home port is Lima.", None),
        ("What is the home port of Andes?", "Lima", "Lima is the home port of Andes.", None),
        ("What is the home port of Andes?", "Lima", "Andes is the home port of Lima.",
         "other-relation"),
        ("What is the country of Andes?", "Peru", "Andes was made in Peru.", None),
        ("What was the long service to Lima of Andes?", "Lima", "Andes' service to Lima.", None),
        ("What was the long good service of Andes?", "Lima", "Andes saw Lima.", "other-relation"),
        ("Who was the first in Andes?", "Lima", "Lima was one of the first in Andes.",
         "other-relation"),
        ("Who was one of the first in Andes?", "Lima", "Lima was one of the first in Andes.", None),
        ("Who was the first in Andes?", "Lima", "Lima was the first in one of the Andes.", None),
        # What is named already.
        ("What is the name of the Peruvian river Andes?", "Lima", "Andes is a river in Lima.",
         "names-itself"),
        ("What is the name of the town that Andes is in?", "Lima", "Andes is in Lima.", None),
        ("What is the name of the town that Andes saw?", "Lima", "Andes saw Lima.",
         "names-itself"),
        ("Who was Andes friend of Lima in May?", "Lima", "Andes is a friend of Lima.",
         "names-itself"),
        ("What is the region of Andes?", "Lima", "Andes is a region of Lima.", "other-relation"),
        ("What is the region of Andes?", "Lima", "The region of Andes is Lima.", None),
        ("What is the region of Andes?", "Lima", "Andes region is Lima.", None),
        ("What year was Andes made?", "1953", "Andes was made between 1951 and 1953.",
         "asks-other-kind"),
        ("When was Andes made?", "1953", "Andes was made between 1951 and 1953.", None),
        ("Who was Andes signed by?", "Lima", "Andes signed with Lima.", None),
        ("What is the name of the river in Andes?", "Lima", "Andes is a river in Lima.",
         "names-itself"),
        ("What is the name of the river in Andes?", "Lima", "Lima is a river in Andes.", None),
        ("What is the name of the site of the Andes?", "Lima", "The Andes are a site in Lima.",
         "names-itself"),
        ("Who is Andes?", "Lima", "Andes is always full of people from Lima.", "names-itself"),
        ("Who is Andes?", "a singer from Lima", "Andes is a singer from Lima.", None),
        # Turned round.
        ("Who played for Andes?", "Lima", "Andes played for Lima.", "other-relation"),
        ("Who played for Andes?", "Lima", "The Andes played for Lima.", "other-relation"),
        ("Who played for Andes?", "Lima", "Andes and Lima played for Andes.", None),
        ("What is played for Andes?", "Lima", "Andes is played for Lima.", None),
        # Whose it is, and who wrote it.
        ("Who wrote Andes?", "Lima", "Andes is a song by Lima.", "other-relation"),
        ("Who also wrote Andes?", "Lima", "Andes was written by Lima.", None),
        ("Who wrote Andes?", "Lima", "Andes is a novel by Lima.", None),
        ("Who wrote the song Andes?", "Lima", "Andes was written by Lima.", "other-relation"),
        ("Which Peruvian is Andes?", "Lima", "Andes is named for the Peruvian Lima.",
         "other-relation"),
        ("Which Peruvian's name is Andes?", "Lima", "Andes is named for the Peruvian Lima.", None),
        ("What is the capital of Andes?", "Lima", "The capital of Andes is Lima.",
         "other-relation"),
        ("Where was Andes born?", "Lima", "Andes was born in Lima.", "other-relation"),
        ("When did Andes die?", "1953", "Andes was killed in 1953.", "other-relation"),
        ("Who owns Andes?", "Lima", "Lima owns Andes.", "other-relation"),
        # Since when, and how many.
        ("When was Andes open?", "1953", "Andes is open since 1953.", "asks-other-kind"),
        ("When since the war was Andes open?", "1953", "Andes is open since 1953.", None),
        ("When was Andes open?", "1953", "Andes was open in 1953.", None),
        ("When was Andes open?", "1953", "Andes was open from May 1953.", "asks-other-kind"),
        ("When was Andes open?", "1953", "Andes was open from May 1953 to July.", None),
        ("How many people are in Andes?", "40 people", "Andes has a capacity of 40 people.",
         "asks-other-kind"),
        ("How many people does Andes hold?", "40 people", "Andes has a capacity of 40 people.",
         None),
        ("How many people are in Andes?", "40 people", "Andes has 40 people.", None),
        # "Did", and no verb.
        ("When did Andes' best part?", "1953", "Andes' best part was in 1953.", "not-a-question"),
        ("When did Andes' best part end?", "1953", "Andes' best part was in 1953.", None),
        ("When did Andes part with Lima?", "1953", "Andes part with Lima in 1953.", None),
        # Numbers that nothing has.
        ("What did Andes see in event LXI?", "Lima", "Andes saw Lima in event LXII.", "presumes"),
        ("What did Andes see in event LXII?", "Lima", "Andes saw Lima in event LXII.", None),
        ("What did Andes see in event 61?", "Lima", "Andes saw Lima in event 62.", "presumes"),
        ("What did Andes and Lima see?", "rain", "Andes and Lima saw rain when they met.",
         "no-referent"),
    ],
)  # fmt: skip
def test_a_sentence_has_to_say_what_is_asked(question, asked, sentence, reason):
    said = request(asked, sentence, cells=("Andes",))
    assert (
        fault(question, said, allow=["gives-answer-away", "asks-subject", "drops-subject"])
        == reason
    )


@pytest.mark.parametrize(
    ("asked", "sentence", "reason"),
    [
        ("Carlos", "Carlos is the part of River in Andes.", "asks-subject"),
        ("Carlos", "The Carlos is the part of River in Andes.", "asks-subject"),
        ("the Carlos", "The Carlos is the part of River in Andes.", "asks-subject"),
        ("Carlos", "River played Carlos in Andes.", None),
        ("Carlos", "River's Carlos was in Andes.", None),
    ],
)
def test_what_a_sentence_begins_with_is_not_asked_for(asked, sentence, reason):
    said = request(asked, sentence, cells=("Andes", "Carlos"))
    assert fault("What role did River play in Andes?", said) == reason


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Rio joined Andes as Carlos.", "drops-subject"),
        ("In 1953, Rio joined Andes as Carlos.", "drops-subject"),
        ("The Rio of Lima joined Andes as Carlos.", "drops-subject"),
        ("The Rio and River joined Andes as Carlos.", None),
        ("Later Rio joined Andes as Carlos.", "drops-subject"),
        ("Somebody of Rio joined Andes as Carlos.", "drops-subject"),
        ("The part of Rio in Andes is Carlos.", None),
    ],
)
def test_what_a_sentence_begins_with_is_named(sentence, reason):
    said = request("Carlos", sentence, cells=("Andes", "Carlos"))
    assert fault("What role did River have in Andes?", said) == reason


def test_a_column_of_which_the_question_gives_the_cells_is_not_asked_for():
    said = request("1953", "Andes of Peru is of 1953.", cells=("Andes", "Peru", "1953"))
    assert fault("What country was Andes of Peru made in?", said) == "asks-other-column"
    assert fault("What country was Andes made in?", said) is None


@pytest.mark.parametrize(
    ("header", "result", "reason"),
    [("Result", "", "presumes"), ("Results", "", "presumes"), ("Result", "Won", None),
     ("Time of result", "", None)],
)  # fmt: skip
def test_who_won_has_to_stand_where_results_do(header, result, reason):
    rows = (("1953", "Andes", "Carlos", result), ("1954", "Everest Love", "Tenzing", "Lost"))
    table = Table((*TABLE.header[:3], header), rows, "Red River")
    said = request(sentence="In 1953 Andes won a prize for Carlos.")
    said = replace(said, alignment=replace(said.alignment, table=table))
    assert fault("What role won Andes a prize?", said) == reason
    assert fault("What role gave Andes a prize?", said) is None


def test_what_was_recorded_may_not_have_been_released():
    table = replace(TABLE, header=("Year recorded", *TABLE.header[1:]))
    said = request("1953", "Andes is a 1953 film of Peru.", cells=("Andes", "Peru", "1953"))
    assert fault("When was Andes released?", said) is None
    said = replace(said, alignment=replace(said.alignment, table=table))
    assert fault("When was Andes released?", said) == "other-relation"


def test_a_capacity_is_no_year():
    table = replace(TABLE, header=("Capacity", *TABLE.header[1:]))
    said = request("1953", "Andes was at Peru (capacity 1953).", cells=("Andes", "Peru", "1953"))
    assert fault("What year was Andes at Peru?", said) is None
    said = replace(said, alignment=replace(said.alignment, table=table))
    assert fault("What year was Andes at Peru?", said) == "asks-other-kind"


def test_a_name_may_have_a_preposition_in_it():
    table = replace(TABLE, rows=(("1953", "Road to Lima", "Carlos", "Peru"), TABLE.rows[1]))
    alignment = replace(request(cells=("Andes",)).alignment, table=table)
    alignment = replace(alignment, sentence="Road to Lima is a film with Carlos.")
    said = Request(alignment, "Carlos")
    assert fault("What is the name of the film Road to Lima?", said) == "names-itself"
    said = replace(said, alignment=replace(alignment, sentence="Carlos is in Road to Lima."))
    assert fault("What is the name of the film Road to Lima?", said) == "names-itself"


def test_what_a_table_calls_a_relation_may_not_be_asked_of_its_own_values():
    said = request("1953", "Andes of Peru is of 1953.", cells=("Andes", "Peru", "1953"))
    assert fault("What is the country of Andes?", said) is None
    assert fault("What is the country of Peru?", said) == "other-relation"


def test_of_several_rows_one_is_as_good_as_another():
    alignment = Alignment(
        "Andes is of 1953 and Everest Love of 1954.", TABLE, ((0, 0), (1, 0)), ((12, 16), (37, 41)),
        1.0, 3.0, (), Source(),
    )  # fmt: skip
    two = Request(alignment, "1953 and Everest Love of 1954")
    assert fault("When were Andes and the other made in Red River?", two) is None


def test_where_games_were_is_not_who_won_a_medal_there():
    table = Table(("Year", "Gold"), (("1953", "Peru"), ("1954", "Nepal")), "Red River Games")
    alignment = Alignment(
        "The games of 1953 were held in Peru.", table, ((0, 0), (0, 1)), ((13, 17), (31, 35)),
        1.0, 3.0, (), Source(),
    )  # fmt: skip
    asked = Request(alignment, "Peru")
    assert fault("Where were the Red River Games of 1953 held?", asked) == "asks-other-kind"
    assert fault("Who held the Red River Games of 1953?", asked) is None


def test_a_generator_may_say_nothing():
    assert fault("", request()) == "not-a-question"
    assert "not-a-question" in list(faults("", request()))


def test_every_reason_is_tried():
    assert {reason for _, _, reason in CASES} == {None, *REASONS}
