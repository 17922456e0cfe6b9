"""Train a network on examples.

In:  an Encoder cut to its pieces, Examples, Settings.
Out: a trained Network. A run that was stopped goes on after its last whole round, and ends with the same weights.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

import torch
from torch import Tensor
from torch.nn import functional

from tocsin.finder.pieces import Pieces
from training.batches import UNKNOWN, Batch, Classes, batches
from training.dirt import dirty
from training.encoder import Encoder
from training.examples import Example
from training.network import Answers, Network


@dataclass(frozen=True, slots=True)
class Settings:
    """How training goes. `rounds`: how often each example is seen."""

    layers: int = 6
    rounds: int = 8
    rate: float = 2e-4
    head_rate: float = 1e-3
    decay: float = 0.9  # of the rate from layer to layer below
    warm: float = 0.08  # of all steps, with a rising rate
    seed: int = 20261123
    dirt: bool = True


SHARES = {"tags": 1.0, "status": 0.5, "kind": 1.0, "role": 1.0, "same": 0.3}  # of the parts of the loss
MARKED = 2.0  # a token inside a span against one outside
FITTING = 3.0  # a pair with a role against one without


def fit(
    encoder: Encoder,
    pieces: Pieces,
    classes: Classes,
    examples: Sequence[Example],
    settings: Settings,
    work: Path,
    say: Callable[[str], None] = print,
    begin: Network | None = None,
) -> Network:
    """The trained network. `work`: a folder for what a stopped run goes on from. `begin`: a network to go on from."""
    torch.manual_seed(settings.seed)
    sizes = len(classes.statuses), len(classes.kinds)
    network = Network(encoder.arrays, settings.layers, encoder.heads, *sizes)
    optimizer = torch.optim.AdamW(
        network.groups(settings.rate, settings.head_rate, settings.decay), weight_decay=0.01, betas=(0.9, 0.98)
    )
    rates = [float(group["lr"]) for group in optimizer.param_groups]
    checkpoint = work / f"{_key(examples, settings)}.pt"
    if begin:
        network.load_state_dict(begin.state_dict())
    first = _go_on(checkpoint, network, optimizer)
    steps = 0
    for number in range(first, settings.rounds):
        began = time.monotonic()
        torch.manual_seed(settings.seed + number)
        random = Random(settings.seed + number)
        chosen = [one for one in examples if random.random() < one.share]
        seen = [dirty(one, random) if settings.dirt else one for one in chosen]
        ready = list(batches(seen, pieces, classes, random))
        losses: dict[str, float] = {}
        network.train()
        for step, batch in enumerate(ready):
            done = (number + step / len(ready)) / settings.rounds
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * _slope(done, settings.warm)
            for name, value in _step(network, optimizer, batch).items():
                losses[name] = losses.get(name, 0.0) + value / len(ready)
            steps += 1
        _keep(checkpoint, network, optimizer, number + 1)
        told = " ".join(f"{name} {value:.3f}" for name, value in losses.items())
        say(f"round {number + 1}/{settings.rounds}: {told} ({time.monotonic() - began:.0f} s, {len(ready)} steps)")
    network.eval()
    return network


def _step(network: Network, optimizer: torch.optim.Optimizer, batch: Batch) -> dict[str, float]:
    answers = network(batch.windows, batch.places, batch.questions)
    parts = losses_of(answers, batch)
    total = torch.stack([SHARES[name] * value for name, value in parts.items()]).sum()
    optimizer.zero_grad(set_to_none=True)
    total.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    return {name: float(value.detach()) for name, value in parts.items()}


def losses_of(answers: Answers, batch: Batch) -> dict[str, Tensor]:
    """The parts of the loss."""
    nothing = torch.zeros(())
    tag = functional.binary_cross_entropy_with_logits(answers.tags, batch.tags, reduction="none")
    tag = (tag * (1 + (MARKED - 1) * batch.tags)).sum(1) * batch.known_tags
    parts = {"tags": tag.sum() / batch.known_tags.sum().clamp(min=1)}
    for name, scores, wanted in (("status", answers.status, batch.status), ("kind", answers.kind, batch.kind)):
        known = wanted != UNKNOWN
        each = functional.cross_entropy(scores, wanted, ignore_index=UNKNOWN, reduction="none")
        parts[name] = each.sum() / known.sum().clamp(min=1)
    if len(batch.role):
        role = functional.binary_cross_entropy_with_logits(answers.role, batch.role, reduction="none")
        role = role * (1 + (FITTING - 1) * batch.role) * batch.known_roles
        parts["role"] = role.sum() / len(role)
    else:
        parts["role"] = nothing
    parts["same"] = (
        functional.binary_cross_entropy_with_logits(answers.same, batch.same) if len(batch.same) else nothing
    )
    return parts


def _slope(done: float, warm: float) -> float:
    """Share of the rate: rising to 1, then falling to 0 along a cosine."""
    if done < warm:
        return done / warm
    return 0.5 * (1 + math.cos(math.pi * (done - warm) / (1 - warm)))


def _key(examples: Sequence[Example], settings: Settings) -> str:
    about = json.dumps([asdict(settings), [(one.id, len(one.text), one.share) for one in examples]])
    return hashlib.sha256(about.encode()).hexdigest()[:16]


def _keep(path: Path, network: Network, optimizer: torch.optim.Optimizer, rounds: int) -> None:
    """Write under another name first, so that a stop leaves the last whole round."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}")
    torch.save({"network": network.state_dict(), "optimizer": optimizer.state_dict(), "rounds": rounds}, part)
    part.replace(path)


def _go_on(path: Path, network: Network, optimizer: torch.optim.Optimizer) -> int:
    if not path.exists():
        return 0
    kept = torch.load(path, weights_only=True)
    network.load_state_dict(kept["network"])
    optimizer.load_state_dict(kept["optimizer"])
    return int(kept["rounds"])
