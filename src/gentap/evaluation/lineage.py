"""How the systems were made: few-shot curves and ablations fall out of their lineages."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Lineage = Sequence[Mapping[str, Any]]
Lineages = Mapping[str, Lineage]

_KINDS = {"sentence": "sentences", "cell": "cells"}


@dataclass(frozen=True, slots=True)
class Training:
    """What one system has learnt from.

    Attributes:
        origin: Identifies the model that fine-tuning began with; the model itself without any.
        start: What that model was called when fine-tuning began; empty without any.
        pretraining: Kinds of examples, such as ``"sentences and cells"``, or ``"none"``.
        pretraining_seen: Examples seen in pretraining.
        rows: Annotated examples it was fine-tuned on; 0 is zero-shot.
        given: Those and the ones that were dropped, such as what did not fit: what is alike
            between models that were given alike.
        steps: Of all stages.
        minutes: Of all stages.
        seed: Of the last stage.
        device: Of the last stage.
    """

    origin: str
    start: str
    pretraining: str
    pretraining_seen: int
    rows: int
    given: int
    steps: int
    minutes: float
    seed: int
    device: str


@dataclass(frozen=True, slots=True)
class Curve:
    """One model fine-tuned on growing numbers of examples.

    Attributes:
        start: What the model is called.
        points: Number of examples given to the systems that were trained on so many; they differ in
            their seeds.
    """

    start: str
    points: Mapping[int, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Ablation:
    """Systems fine-tuned on equally many examples that were pretrained differently.

    Attributes:
        given: The examples they were given; 0 is zero-shot.
        systems: Kind of pretraining to the systems, the most complete first.
    """

    given: int
    systems: Mapping[str, Sequence[str]]


def training_of(lineage: Lineage) -> Training:
    """Sum up a lineage, as `gentap.json` holds it; at least one stage."""
    first = next(
        (place for place, stage in enumerate(lineage) if stage["stage"] == "finetune"), len(lineage)
    )
    before, after = lineage[:first], lineage[first:]
    found = {kind for stage in before for kind in stage.get("data", {}).get("kinds", {})}
    last = lineage[-1]
    return Training(
        origin=json.dumps([lineage[0]["from"], *before], sort_keys=True),
        start=str(after[0]["from"]) if after else "",
        pretraining=" and ".join(name for kind, name in _KINDS.items() if kind in found) or "none",
        pretraining_seen=sum(stage["examples_seen"] for stage in before),
        rows=sum(stage["examples"] for stage in after),
        given=sum(stage["examples"] + sum(stage.get("dropped", {}).values()) for stage in after),
        steps=sum(stage["steps"] for stage in lineage),
        minutes=round(sum(stage["minutes"] for stage in lineage), 1),
        seed=last["settings"]["seed"],
        device=last["settings"]["device"],
    )


def curves(trainings: Mapping[str, Training]) -> list[Curve]:
    """Return the models that were fine-tuned on two or more numbers of examples.

    Args:
        trainings: By name of the system.
    """
    points: defaultdict[str, defaultdict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    starts: dict[str, str] = {}
    for name, training in trainings.items():
        points[training.origin][training.given].append(name)
        starts[training.origin] = starts.get(training.origin) or training.start
    return [
        Curve(starts[origin], dict(sorted(found.items())))
        for origin, found in points.items()
        if len(set(found) - {0}) > 1
    ]


def ablations(trainings: Mapping[str, Training]) -> list[Ablation]:
    """Return the groups of systems between which only pretraining differs, few examples first.

    Args:
        trainings: By name of the system.
    """
    groups: defaultdict[int, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, training in trainings.items():
        groups[training.given][training.pretraining].append(name)
    order = ("sentences and cells", "sentences", "cells", "none")
    return [
        Ablation(given, {kind: found[kind] for kind in order if kind in found})
        for given, found in sorted(groups.items())
        if len(found) > 1
    ]
