"""A WordNet of a few words, in WordNet's own format."""

from __future__ import annotations

from pathlib import Path

# Part of speech: its letter, and its sets of synonyms.
SYNSETS = {
    "noun": ("n", [["movie", "film", "motion_picture"], ["man", "adult_male"], ["bus", "coach"]]),
    "verb": ("v", [["win", "gain"], ["begin", "start"]]),
    "adj": ("a", [["large", "big(p)"]]),
    "adv": ("r", [["quickly", "fast"]]),
}
EXCEPTIONS = {"noun": "men man\n", "verb": "won win\nbegan begin\n", "adj": "", "adv": ""}


def write_wordnet(folder: Path) -> Path:
    """Write the files that WordNet readers want."""
    folder.mkdir(parents=True)
    for part, (letter, synsets) in SYNSETS.items():
        data = "  1 This is WordNet 3.0 of a few words  \n"
        index: dict[str, list[int]] = {}
        for words in synsets:
            place = len(data)
            for word in words:
                index.setdefault(word.partition("(")[0], []).append(place)
            listed = " ".join(f"{word} 0" for word in words)
            data += f"{place:08d} 03 {letter} {len(words):02x} {listed} 000 | what it means  \n"
        lines = "".join(
            f"{word} {letter} {len(places)} 0 {len(places)} 0 "
            f"{' '.join(f'{place:08d}' for place in places)}  \n"
            for word, places in sorted(index.items())
        )
        (folder / f"data.{part}").write_text(data)
        (folder / f"index.{part}").write_text("  1 a licence\n" + lines)
        (folder / f"{part}.exc").write_text(EXCEPTIONS[part])
    (folder / "lexnames").write_text("".join(f"{n:02d}\tname{n}\t1\n" for n in range(45)))
    return folder
