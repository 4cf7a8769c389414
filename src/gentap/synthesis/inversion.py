"""Reading comprehension turned round: sentence and answer in, question out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gentap.errors import InputError
from gentap.synthesis.sentences import split
from gentap.text import content_words

MOST_WORDS = 60


@dataclass(frozen=True, slots=True)
class Inverted:
    """A question and what it was asked of.

    Attributes:
        sentence: The sentence that holds the answer.
        answer: The answer's words as they stand in the sentence.
        question: The question.
    """

    sentence: str
    answer: str
    question: str


def read_inverted(paths: Iterable[str | Path], dropped: Counter[str]) -> Iterator[Inverted]:
    """Read reading-comprehension files and turn them round.

    Args:
        paths: SQuAD-format JSON files, or QAMR's TSV files.
        dropped: Counts, by reason, what could not be used.

    Raises:
        InputError: A file is missing or of another format.
    """
    for path in map(Path, paths):
        try:
            text = path.read_text(encoding="utf-8")
            if path.suffix == ".tsv":
                yield from _qamr(text, dropped)
            else:
                yield from _squad(json.loads(text)["data"], dropped)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"{path}: neither SQuAD-format JSON nor a QAMR table ({error!r})"
            ) from error


def _squad(articles: list[dict[str, Any]], dropped: Counter[str]) -> Iterator[Inverted]:
    for paragraph in (paragraph for article in articles for paragraph in article["paragraphs"]):
        sentences = split(paragraph["context"])
        for pair in paragraph["qas"]:
            texts = Counter(answer["text"].strip() for answer in pair["answers"])
            if not texts:
                dropped["no-answer"] += 1
                continue
            answer = texts.most_common(1)[0][0]
            yield from _invert(sentences, answer, pair["question"], dropped)


def _qamr(text: str, dropped: Counter[str]) -> Iterator[Inverted]:
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        for line in lines[1:]:
            left, _, answer = line.partition("\t")
            question = left[: left.index("?") + 1] if "?" in left else ""
            yield from _invert(lines[:1], answer.strip(), question, dropped)


def _invert(
    sentences: list[str], answer: str, question: str, dropped: Counter[str]
) -> Iterator[Inverted]:
    question = " ".join(question.split())
    holding = [sentence for sentence in sentences if answer and answer in sentence]
    if not holding:
        dropped["answer-not-in-one-sentence"] += 1
        return
    asked = set(content_words(question))
    best = max(holding, key=lambda sentence: len(asked.intersection(content_words(sentence))))
    if not question.endswith("?"):
        dropped["not-a-question"] += 1
    elif len(best.split()) > MOST_WORDS:
        dropped["sentence-too-long"] += 1
    elif not asked.intersection(content_words(best)):
        dropped["nothing-shared"] += 1
    else:
        yield Inverted(best, answer, question[:1].upper() + question[1:])
