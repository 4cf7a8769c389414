import pytest

from gentap.synthesis.capitals import restore_case


@pytest.mark.parametrize(
    ("title", "shouted", "written"),
    [
        ("Bic Runga", "BIC RUNGA is a singer.", "Bic Runga is a singer."),
        (
            "Rasmus Kjær",
            "RASMUS KJÆR PEDERSEN (born 1998) won.",
            "Rasmus Kjær Pedersen (born 1998) won.",
        ),
        ("Tom Haydock", "THOMAS HAYDOCK (24 July 1890) won.", "Thomas Haydock (24 July 1890) won."),
        (
            "1975 Greenlandic Men's Championship",
            "The 1975 GREENLANDIC MEN’S CHAMPIONSHIP was it.",
            "The 1975 Greenlandic Men's Championship was it.",
        ),
        ("Lolita (song)", "“LOLITA” is a song.", "“Lolita” is a song."),
        ("2nd Awards", "The 2ND AWARDS were held.", "The 2nd Awards were held."),
        ("Jean Rinkel-Quertier", "JEAN RINKEL-QUERTIER won.", "Jean Rinkel-Quertier won."),
        ("IBM", "IBM is the NATO of the EU.", "IBM is the NATO of the EU."),
        ("Was it so", "A US BWF event.", "A US BWF event."),
        (
            "EHD3",
            "EHD3, the EH DOMAIN protein, binds a domain.",
            "EHD3, the EH domain protein, binds a domain.",
        ),
    ],
)
def test_the_first_block(title: str, shouted: str, written: str) -> None:
    assert restore_case([shouted], title) == [written]


def test_words_seen_elsewhere_on_the_page() -> None:
    blocks = ["It began.", "The BUSTA SHIELD and UNICEF.", "The Busta Shield ended."]
    assert restore_case(blocks, "Cup")[1] == "The Busta Shield and UNICEF."


def test_nothing_to_do() -> None:
    assert restore_case([], "T") == []
    assert restore_case(["Plain text."], "T") == ["Plain text."]
