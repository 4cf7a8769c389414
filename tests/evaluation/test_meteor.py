from pathlib import Path
from typing import Any

import nltk
import pytest
from nltk.corpus.reader import WordNetCorpusReader
from nltk.tokenize import NLTKWordTokenizer
from nltk.translate.meteor_score import single_meteor_score

from gentap.errors import InputError, MissingExtraError
from gentap.evaluation import wordnet
from gentap.evaluation.meteor import meteor_measures
from gentap.evaluation.metrics import score
from gentap.evaluation.wordnet import WordNet
from tests.wordnets import write_wordnet

PAIRS = [
    ("The movies were large.", "The films were big."),
    ("He won the coach.", "He gained a bus!"),
    ("It began fast", "It starts quickly"),
    ("Nothing alike", "The men of 1998"),
    ("The man began to win the win", "To begin, the men won"),
]
WORDS = ["movies", "Men", "won", "buses", "bigger", "large", "fast", "began", "adult_male", "xyz"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_wordnet(tmp_path / "corpora" / "wordnet")


@pytest.fixture
def theirs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    class Reader(WordNetCorpusReader):
        def map_wn(self, version: str = "wordnet") -> None:
            """Map no other version's synsets, which takes one more file."""

    monkeypatch.setattr(nltk.data, "path", [str(folder.parent.parent)])
    return Reader(str(folder), None)


def names(synsets: Any) -> list[list[str]]:
    return [[lemma.name() for lemma in synset.lemmas()] for synset in synsets]


# nltk misses the other languages' files.
pytestmark = pytest.mark.filterwarnings("ignore:The multilingual functions")


@pytest.mark.parametrize("word", WORDS)
def test_lookups_are_those_of_nltk(folder: Path, theirs: Any, word: str) -> None:
    assert names(WordNet(folder).synsets(word)) == names(theirs.synsets(word))


def test_base_forms_are_found(folder: Path) -> None:
    found = WordNet(folder)
    assert found.version == "3.0"
    assert names(found.synsets("Movies")) == [["movie", "film", "motion_picture"]]
    assert names(found.synsets("won")) == [["win", "gain"]]
    assert names(found.synsets("big")) == [["large", "big"]]


def test_the_published_score_is_that_of_nltk(folder: Path, theirs: Any) -> None:
    split = NLTKWordTokenizer().tokenize
    published, _ = meteor_measures(*zip(*PAIRS, strict=True), WordNet(folder))
    expected = [single_meteor_score(split(b), split(a), wordnet=theirs) for a, b in PAIRS]
    assert published.statistics[:, 0].tolist() == expected
    assert "synonyms:stem" in published.signature


def test_the_corrected_score_finds_synonyms_by_their_surface(folder: Path) -> None:
    # Both words of the first pair have stems ("movi", "larg") that WordNet does not hold.
    published, surface = meteor_measures(*zip(*PAIRS, strict=True), WordNet(folder))
    gain = surface.statistics[:, 0] - published.statistics[:, 0]
    assert gain[0] > 0.3
    assert (gain >= 0).all()
    assert surface.statistics[3, 0] == published.statistics[3, 0] == 0
    assert "synonyms:surface" in surface.signature


def test_words_of_an_earlier_pair_lend_no_synonyms(folder: Path) -> None:
    pairs = [("moving", "moving"), ("movi", "film")]
    _, surface = meteor_measures(*zip(*pairs, strict=True), WordNet(folder))
    _, alone = meteor_measures(["movi"], ["film"], WordNet(folder))
    assert surface.statistics[1, 0] == alone.statistics[0, 0]


def test_a_named_folder_is_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WNSEARCHDIR", str(folder))
    assert {"meteor", "meteor_surface"} <= set(score(["A man."], ["A man."]).estimates)


def test_without_wordnet_the_remedy_is_said_and_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("WNSEARCHDIR", str(tmp_path))
    with pytest.raises(MissingExtraError, match="wordnet-base"):
        WordNet.find()
    found = score(["A man."], ["A man."])
    assert "meteor" not in found.estimates
    assert "apt-get install wordnet-base" in found.to_record()["missing"]["meteor"]
    assert "meteor is left out" in caplog.text


def test_other_files_are_refused(folder: Path) -> None:
    (folder / "index.verb").write_text("win v many\n")
    with pytest.raises(InputError, match="not WordNet's files"):
        WordNet(folder)
    (folder / "data.adj").unlink()
    with pytest.raises(InputError, match="not WordNet's files"):
        WordNet(folder)


def test_the_usual_places_are_searched(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WNSEARCHDIR", raising=False)
    monkeypatch.setattr(wordnet, "FOLDERS", ("/nowhere", str(folder)))
    assert WordNet.find().folder == folder
