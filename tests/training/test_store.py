"""Tokens on disk, and the order in which they are taken."""

from __future__ import annotations

import numpy as np
import pytest

from gentap.errors import InputError
from gentap.training import store as module
from gentap.training.batch import Batch, Encoded
from gentap.training.plan import Plan, split_step
from gentap.training.store import TokenStore, key_of
from tests.training.helpers import EXAMPLES


def plain(examples):
    return [(list(e.source), list(e.target), e.kind) for e in examples]


def test_what_is_written_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_CHUNK", 7)
    store = TokenStore.make(tmp_path / "t.arrow", "", lambda notes: EXAMPLES)
    assert len(store) == len(EXAMPLES)
    assert plain(store) == plain(store[:]) == plain(EXAMPLES)
    assert store.source_lengths.tolist() == [len(e.source) for e in EXAMPLES]
    assert store.target_lengths.tolist() == [len(e.target) for e in EXAMPLES]
    assert store.cells.tolist() == [e.kind == "cell" for e in EXAMPLES]
    with pytest.raises(IndexError):
        store[len(EXAMPLES)]
    assert len(TokenStore.make(tmp_path / "none.arrow", "", lambda notes: [])) == 0


def test_it_is_written_once_for_a_key_and_anew_for_another(tmp_path):
    calls = []

    def encode(notes):
        calls.append(1)
        yield from EXAMPLES
        notes["dropped"] = {"late": 3}

    path = tmp_path / "t.arrow"
    for key in ("a", "a", "b", "", ""):
        assert TokenStore.make(path, key, encode).notes == {"dropped": {"late": 3}}
    assert len(calls) == 4
    TokenStore.remove(path)
    assert not list(tmp_path.iterdir())


def test_a_failed_write_is_no_store(tmp_path):
    def broken(notes):
        yield EXAMPLES[0]
        raise InputError("line 2 is broken")

    with pytest.raises(InputError):
        TokenStore.make(tmp_path / "t.arrow", "a", broken)
    assert not list(tmp_path.iterdir())


def test_keys_tell_settings_apart():
    assert key_of(seed=1, data="x") == key_of(data="x", seed=1) != key_of(seed=2, data="x")


def plan(kinds, batch_size, seed=0):
    return Plan(np.array([kind == "cell" for kind in kinds]), batch_size, seed)


def test_steps_are_half_of_each_kind_and_cover_an_epoch():
    kinds = ["cell", "sentence"] * 12
    order = plan(kinds, 8)
    assert order.steps_per_epoch == 3
    steps = [order.step(number) for number in range(6)]
    for sentences, cells in steps:
        assert [kinds[place] for place in sentences] == ["sentence"] * 4
        assert [kinds[place] for place in cells] == ["cell"] * 4
    places = [sorted(np.concatenate([*step]).tolist()) for step in steps]
    for epoch in (places[:3], places[3:]):
        assert sorted(place for step in epoch for place in step) == list(range(24))
    assert places[:3] != places[3:]
    again = plan(kinds, 8)
    assert [p.tolist() for p in again.step(4)] == [p.tolist() for p in steps[4]]
    assert [p.tolist() for p in plan(kinds, 8, seed=1).step(4)] != [p.tolist() for p in steps[4]]


def test_the_smaller_kind_is_repeated():
    order = plan(["cell"] * 4 + ["sentence"] * 12, 8)
    assert order.steps_per_epoch == 1
    cells = np.concatenate([order.step(number)[1] for number in range(3)])
    assert sorted(cells.tolist()) == sorted(list(range(4)) * 3)


def test_one_kind_alone_fills_the_step():
    order = plan(["cell"] * 12, 6)
    assert [len(places) for places in order.step(0)] == [6]
    assert order.examples_per_step == 6


@pytest.mark.parametrize("limit", [1, 90, 10_000])
def test_passes_hold_every_kind_and_about_the_limit(limit):
    rng = np.random.default_rng(0)
    lengths = rng.integers(5, 40, 24)
    kinds = [np.arange(0, 24, 2), np.arange(1, 24, 2)]
    passes = split_step(kinds, lengths, limit)
    assert sorted(np.concatenate(passes).tolist()) == list(range(24))
    for places in passes:
        assert set((places % 2).tolist()) == {0, 1}
        assert len(places) == 2 or lengths[places].sum() <= limit + 40


def test_views_into_the_file_make_the_same_batch(tmp_path):
    store = TokenStore.make(tmp_path / "t.arrow", "", lambda notes: EXAMPLES)
    one, other = Batch.of(store[:5]), Batch.of(EXAMPLES[:5])
    assert one.source.tolist() == other.source.tolist()
    assert one.tokens == other.tokens
    assert isinstance(store[0], Encoded)
