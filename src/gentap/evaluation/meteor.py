"""METEOR (Lavie and Agarwal, 2007): nltk's as published, and with synonyms that are found.

nltk looks synonyms up by Porter stems ("movi"), which WordNet does not hold, so most of them never
match. Papers report that score; the corrected one looks up the words as they stand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import numpy as np

from gentap.errors import require
from gentap.evaluation.bootstrap import Measure, mean_measure
from gentap.evaluation.wordnet import Lemma, Synset, WordNet

_SETTINGS = "alpha:0.9|beta:3|gamma:0.5|tok:nltk-treebank|case:lc"


def meteor_measures(
    predictions: Sequence[str], references: Sequence[str], wordnet: WordNet
) -> list[Measure]:
    """Return ``meteor``, nltk's, and ``meteor_surface``, the corrected one.

    Both are the mean over the pairs.

    Args:
        predictions: Texts to judge.
        references: What each of them should say.
        wordnet: Where synonyms come from.

    Raises:
        MissingExtraError: nltk is not installed.
    """
    score = require("nltk.translate.meteor_score", extra="metrics").single_meteor_score
    split = require("nltk.tokenize", extra="metrics").NLTKWordTokenizer().tokenize
    porter = _Stemmer(require("nltk.stem.porter", extra="metrics").PorterStemmer())
    rows = []
    for prediction, reference in zip(predictions, references, strict=True):
        pair = split(reference), split(prediction)
        porter.seen.clear()
        published = score(*pair, stemmer=porter, wordnet=wordnet)
        rows.append((published, score(*pair, stemmer=porter, wordnet=_Surface(wordnet, porter))))
    signature = f"{_SETTINGS}|wordnet:{wordnet.version}|nltk:{version('nltk')}"
    columns = zip(("meteor", "meteor_surface"), ("stem", "surface"), np.array(rows).T, strict=True)
    return [
        mean_measure(name, f"{name}|synonyms:{by}|{signature}", scores)
        for name, by, scores in columns
    ]


class _Stemmer:
    """Porter's stems, with the words of the pair in work that have them."""

    def __init__(self, porter: Any) -> None:  # noqa: ANN401 - nltk's
        self.porter = porter
        self.stems: dict[str, str] = {}
        self.seen: dict[str, set[str]] = defaultdict(set)

    def stem(self, word: str) -> str:
        found = self.stems.get(word)
        if found is None:
            found = self.stems[word] = self.porter.stem(word)
        self.seen[found].add(word)
        return found


class _Surface:
    """WordNet as nltk's METEOR asks it, by stem: looks up the words behind the stem instead."""

    def __init__(self, wordnet: WordNet, stemmer: _Stemmer) -> None:
        self.wordnet = wordnet
        self.stemmer = stemmer

    def synsets(self, stem: str) -> list[Synset]:
        words = sorted(self.stemmer.seen[stem])
        found = {
            lemma.name().lower()
            for word in words
            for synset in self.wordnet.synsets(word)
            for lemma in synset.lemmas()
        }
        # nltk compares with the stems of the reference.
        return [Synset([Lemma(self.stemmer.porter.stem(name)) for name in sorted(found)])]
