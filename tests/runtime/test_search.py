"""Searches on a scripted decoder: what has ended leaves the batch."""

import numpy as np
import pytest

from gentap.errors import InputError
from gentap.runtime.engine import Decoding
from gentap.runtime.search import beam_search, greedy_search, log_softmax

END = 1
SCRIPTS = [[5, END], [6, 7, 8, 9, END], [END], [4, 4, 4, END], [3, 2, 3, 2, 3, 2, 3, 2]]


class Scripted:
    """Writes the script of each row, told from its memory; counts the rows of every step."""

    start, end = 0, END

    def __init__(self):
        self.rows = []

    def empty(self, rows):
        return np.zeros((2, rows, 1, 0, 1), np.float32)

    def logits(self, row, step):
        wanted = SCRIPTS[row][step] if step < len(SCRIPTS[row]) else END
        return np.where(np.arange(10) == wanted, row + 2.0, 0.0).astype(np.float32)

    def step(self, tokens, past, memory, mask):
        own = memory[0, :, 0, 0, 0].astype(int)
        assert mask[:, 0, 0, 0].tolist() == own.tolist()
        own = own.repeat(len(tokens) // len(own))
        assert (past[0, :, 0, :, 0] == own[:, None]).all()
        self.rows.append(len(own))
        fresh = np.broadcast_to(own[None, :, None, None, None], (2, len(own), 1, 1, 1))
        logits = np.stack([self.logits(row, past.shape[3]) for row in own])
        return logits, np.concatenate([past, fresh.astype(np.float32)], 3)


def search(decoding, inputs=(0, 1, 2, 3, 4)):
    decoder = Scripted()
    own = np.array(inputs, dtype=np.float32)
    memory = np.broadcast_to(own[None, :, None, None, None], (2, len(own), 1, 1, 1)).copy()
    run = beam_search if decoding.beams > 1 else greedy_search
    return decoder, run(decoder, memory, own[:, None, None, None], decoding)


def test_rows_that_have_ended_are_not_computed_any_more():
    decoder, found = search(Decoding(max_tokens=6))
    assert [sentence.ids for sentence in found] == [
        [5],
        [6, 7, 8, 9],
        [],
        [4, 4, 4],
        [3, 2, 3, 2, 3, 2],
    ]
    assert decoder.rows == [5, 5, 3, 3, 2, 1]


def test_probabilities_are_those_of_the_whole_script():
    decoder, found = search(Decoding(max_tokens=6))
    for row, sentence in enumerate(found):
        ids = [*sentence.ids, END][:6]
        scores = [log_softmax(decoder.logits(row, step))[token] for step, token in enumerate(ids)]
        assert sentence.log_probability == pytest.approx(float(sum(scores)), abs=1e-5)


def test_no_run_is_written_twice():
    _, found = search(Decoding(max_tokens=6, no_repeat=2))
    assert found[4].ids[:3] == [3, 2, 3]
    assert found[4].ids[3] != 2


def test_inputs_whose_beams_have_ended_are_not_computed_any_more():
    decoding = Decoding(beams=2, max_tokens=9)
    decoder, found = search(decoding)
    assert decoder.rows == [10, 10, 10, 6, 6, 4, 2, 2, 2]
    for row, sentence in enumerate(found):
        _, alone = search(decoding, [row])
        assert alone == [sentence]


@pytest.mark.parametrize(("name", "value"), [("beams", 0), ("max_tokens", 0), ("no_repeat", -1)])
def test_settings_that_cannot_be_meant_are_refused(name, value):
    with pytest.raises(InputError, match=f"{name}: {value}; it is"):
        Decoding(**{name: value})
