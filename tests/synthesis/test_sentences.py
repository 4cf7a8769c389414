"""Boundaries labelled by hand: " || " stands where a sentence ends."""

import re

import pytest

from gentap.synthesis.sentences import detokenize, is_prose, split, subject_of

LABELLED = [
    "He won in 1998. || She came second.",
    "It rose by 3.5 percent. || Prices fell by 0.2 points.",
    "No. 5 seed Smith beat No. 12 Jones. || The match took two hours.",
    "St. Louis drew with Mt. Gox F.C. in March. || They lost later.",
    "Mr. and Mrs. Smith moved to Washington D.C. in 1990. || They stayed.",
    "He moved to the U.S. in 1990. || He died there.",
    "The team is based in the U.S. || It plays in Ohio.",
    "The U.S. Navy bought it. || The U.K. Parliament did not.",
    "J. R. R. Tolkien wrote it. || C. S. Lewis read it.",
    "J.R.R. Tolkien wrote it. || It sold well.",
    "George W. Bush won. || Al Gore lost.",
    "They were promoted to Serie A. || The next year they fell.",
    "It contains vitamin C. || However, it tastes bad.",
    "Martin Luther King Jr. was born in Atlanta. || Robert Downey Jr. || He acted.",
    "Apple Inc. released it. || Acme Corp. || It failed.",
    "He worked for Smith & Co. || In 1901 he left.",
    "Some fruits, e.g. Apples and i.e. Pears, are sweet. || Others are sour.",
    "It was Ali vs. Frazier in 1971. || Frazier won.",
    "On Jan. 5 it opened. || On Sept. 11 it closed.",
    "They met in Oct. 1999 and on Nov. 3. || It rained.",
    "See pp. 12 and vol. 3 for more. || Read it.",
    "The shop opens at 9 a.m. and shuts at 5 p.m. || It sells tea.",
    "It begins at 8 p.m. Eastern. || Bring food.",
    "It dates from 300 B.C. || The walls are older.",
    'He said "I won." || Then he left.',
    "He said “I won.” || Then he left.",
    '"Stop!" he cried. || Nobody stopped.',
    "“It was late. We left. Nobody saw us,” she said. || They agreed.",
    "(It was late.) || They left.",
    "The film (released in 1999. See below) won. || It was long.",
    "Was it late? || Yes! || They left at once.",
    "What?! || He could not believe it.",
    "Well... he left. || She stayed.",
    "He waited… || Then he left.",
    "He played for Yahoo! and lost. || They won.",
    "It cost $5.99. || It was $3.50 before.",
    "The 3rd ed. was printed in 2001. || It sold out.",
    "Dr. Who met Prof. X and Gen. Lee. || They talked.",
    "Lt. Col. John Smith led Sgt. Pepper. || The band played.",
    "Sen. Obama beat Gov. Romney. || Rep. Ryan agreed.",
    "She has a Ph.D. in physics. || She has a Ph.D. || She teaches.",
    "He scored 20 points. || 15 came in the second half.",
    "It ended 3–2. || Ödegaard scored. || Élise cheered.",
    "It opened in 1905.[1] || It closed in 1910.[2][3] || It burnt.[citation needed]",
    "It opened in 1905.[1] || It sank in 1910.[dubious – discuss] || It burnt.",
    "It opened in 1905.[needs update] || It sank in 1910.",
    "The river[n 2] is long[note 3] and wide. || It[a] floods[when?] often.",
    "The version was 2.0.1 in 2010. || It was 3.0 later.",
    "He visited www.example.com daily. || It was free.",
    "The A.L. East race ended. || The N.L. one did not.",
    "iPhone sales rose. || Mac sales fell.",
    "彼は勝った。 || 彼女は負けた。",
    "His height is 5'10\". || He weighs 80 kg.",
    "The band (e.g. Queen) toured. || They stopped.",
    "He lived on Main St. near the park. || It was loud.",
    "«C'est fini.» || Il part.",
    "¿Quién ganó? || ¡Nadie! || Fue un empate.",
    "Capt. Cook sailed ca. 1770. || He died in 1779.",
    "He saw points A, B, and C. || These are collinear. || I went from A to B. || I've been there.",
    "Some languages, e.g. Portuguese, do. || Others—e.g. Welsh—do not.",
    "They beat P. A. Smith. || J.-P. Belmondo left the ex-U.S. Navy base.",
    "Squad: 1. Ann Lee 2. Bo Ek 3. Cy Day. || They won.",
    "Nobody scored. || 1. The match was void. || 2. The goal stood.",
    "They met 1. FC Köln in the 2. Bundesliga. || He counted 3. || Rome had 101. || Ulm had 102.",
    "He was on Show! Music Core and E! News. || He left Wham! || The band split.",
    "He loved Wham! || 12 fans came. || Year: 1998. || Place: Ulm.",
    "He joined Acme Inc. (The Firm) in Rome. || It has an arr. by Bach and a hist. gate.",
    "Some (about five percent.) of them left early. || (they were cold)",
    "Nobody saw it coming! || Rome was lost. || GO TEAM! || Win it. || Wow! || Great pan.",
    "It sold books, toys, etc. || Amazon bought it.",
    "He cleared 6 ft. || The bar fell. || Ft. Worth lost.",
    "it works well. || i use it daily. || my wife has approx. the same.",
    "He wrote to Univ. of Rome and Yale univ. and to the dept. in Ulm.",
    "The creature is large. … || The stag fled.",
    "He cites Smith, C. (ed.) Games of Old. || The (U.S.) Hall of Fame opened.",
    "It was est. 1921 in Rome. || It closed.",
]


_MARKS = re.compile(
    r"\[(?:\d|n \d|note \d|a|when\?|citation needed|needs update|dubious – discuss)\]"
)


@pytest.mark.parametrize("labelled", LABELLED)
def test_boundaries(labelled: str) -> None:
    expected = _MARKS.sub("", labelled).split(" || ")
    joiner = "" if "。" in labelled else " "
    assert split(labelled.replace(" || ", joiner)) == expected


def test_a_mark_between_sentences_without_a_space_parts_them() -> None:
    assert split("It opened.[1]It closed.[2][3] Then it burnt.") == [
        "It opened.",
        "It closed.",
        "Then it burnt.",
    ]


def test_brackets_that_are_no_marks_stay() -> None:
    assert split("The [sic] mark and [the mayor] stay.") == ["The [sic] mark and [the mayor] stay."]


def test_white_space_and_soft_hyphens_go() -> None:
    assert split("  One\n\ttwo\u00a0three\xad.  ") == ["One two three."]
    assert split(" \n ") == []


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (
            "Lima (/ˈliːmə/, Spanish pronunciation: [ˈlima]; Quechua: Limaq) won.",
            "Lima (Quechua: Limaq) won.",
        ),
        ("Rouen (UK: /ˈruːɒ̃, ˈruːɒn/, US: /ruːˈɒ̃/, French: [ʁwɑ̃] or [ʁuɑ̃]) won.", "Rouen won."),
        ("Galway (/ˈɡɔːlweɪ/ GAWL-way; Irish: Gaillimh) won.", "Galway (Irish: Gaillimh) won."),
        ("Al (/ˈjæŋkəvɪk/ YANG-kə-vik; born 1959) won.", "Al (born 1959) won."),
        ("Brazil (Portuguese: Brasil [bɾaˈziw]),[nt 1] won.", "Brazil (Portuguese: Brasil), won."),
        (
            "Ann (; ; born 1970) and Bob () or Cy (, ) won , in 1998 .",
            "Ann (born 1970) and Bob or Cy won, in 1998.",
        ),
        ("Monterrey (Spanish: [monteˈrei] ( )) is (; (), b) big.", "Monterrey is (b) big."),
        ("From the , , ‘omission’.", "From the, ‘omission’."),
        ("Moss and/or Lee won 5/6 [of it].", "Moss and/or Lee won 5/6 [of it]."),
    ],
)
def test_what_a_reader_skips_goes(text: str, clean: str) -> None:
    assert split(text) == [clean]


def test_long_paragraphs_are_cut() -> None:
    sentences = split("It is so. " * 10_000)
    assert len(sentences) == 2_000
    assert set(sentences) == {"It is so."}


@pytest.mark.parametrize(
    "unit", [".", ",", ";,", " (", "[", "[1", "/ə", "“", '"', " '", "(;", ".)", ". ", "A. ", "1. "]
)
def test_odd_texts_are_split_in_time(unit: str) -> None:
    text = unit * 20_000
    assert "".join(split(text)).count(unit[0]) <= 20_000
    assert detokenize(text[:20_000]) is not None


def test_an_unclosed_quote_swallows_nothing() -> None:
    assert split('He said "no. ' + "They left. " * 60)[1:] == ["They left."] * 60


@pytest.mark.parametrize(
    ("tokenised", "natural"),
    [
        ("Eek ! The Cat", "Eek! The Cat"),
        ("Yo Gabba Gabba !", "Yo Gabba Gabba!"),
        ("Episode : Toadblatt 's School", "Episode: Toadblatt's School"),
        ("2003 , 2008", "2003, 2008"),
        ("He ( born 1 May 1950 ) won .", "He (born 1 May 1950) won."),
        ("a ( b ( c ) ) , d ; e", "a (b (c)), d; e"),
        ("Do n't , I 'm , we 've , they 'll , he 'd", "Don't, I'm, we've, they'll, he'd"),
        ("It can not be .", "It cannot be."),
        ("US $ 5 million , or $ 6 and £ 3 ( 5 % )", "US$5 million, or $6 and £3 (5%)"),
        ("ranked # 1 in R & B with Simon & Schuster", "ranked #1 in R&B with Simon & Schuster"),
        ("the strings ' vibration", "the strings' vibration"),
        ("her name 'Elif Shafak ' . She", "her name 'Elif Shafak'. She"),
        ("titled `` Die Klima Gang '' , which", 'titled "Die Klima Gang", which'),
        ("wait . . . what", "wait... what"),
        ("the playoffs . . The Canadiens", "the playoffs. The Canadiens"),
        ("Mr . Big and Co. , Ltd .", "Mr. Big and Co., Ltd."),
        ("Name ( s )", "Name(s)"),
        ("he is 6 ' 8 tall", "he is 6'8 tall"),
        ("Ai n't Misbehavin ' .", "Ain't Misbehavin'."),
        ("Yang ( listen ) won", "Yang won"),
        ("1996-1999", "1996-1999"),
        ("The 9:00 p.m. show - a hit - ended .", "The 9:00 p.m. show - a hit - ended."),
        (
            "35°40′51″N 94°10′34″W / 35.68083°N 94.17611°W / 35.68083 ; -94.17611 ( Fort Smith )",
            "35°40′51″N 94°10′34″W",
        ),
        ("", ""),
        ("word", "word"),
    ],
)
def test_detokenize(tokenised: str, natural: str) -> None:
    assert detokenize(tokenised) == natural
    assert detokenize(natural) == natural


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        ("She won the race in 1998.", True),
        ("“She won the race,” he said.", True),
        ("1998 was a very good year.", True),
        ("彼女は千九百九十八年に大会で優勝した。", True),
        ("1998 – Best Actress – Film X", False),
        ("is a Japanese football player.", False),
        (", 33rd place in the sprint event.", False),
        ("Blogger, Mariana Gándara.", False),
        ("He did it.", False),
        ("(The final was held in Rome.)", True),
        ("HE WON THE FINAL IN ROME.", True),
        ("32 Walker, Chaz – So.", False),
        ("Charles Ingram (who cheated on Millionaire?)", False),
        ("Note: W = won all; L = lost once.", False),
        ("The area is x = 4 metres.", True),
    ],
)
def test_is_prose(text: str, *, prose: bool) -> None:
    assert is_prose(text) is prose


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("Renaissance (band)", "Renaissance"),
        ("2000–01 Busta Cup", "2000–01 Busta Cup"),
        ("(What's the Story) Morning Glory?", "(What's the Story) Morning Glory?"),
        ("(untitled)", "(untitled)"),
        ("", ""),
    ],
)
def test_subject_of(title: str, subject: str) -> None:
    assert subject_of(title) == subject
