"""Swapping who they are changes neither what happened nor their part in it."""

from __future__ import annotations

from pathlib import Path

from bench.bias import BAR, Coding, codings, flips

from tocsin.code import Tools


def test_a_flip_is_what_differs_from_most() -> None:
    usual, other = (("Battles", "Armed clash", "actor1"),), (("Battles", "Armed clash", "actor2"),)
    group = [Coding("s", str(n), other if n == 2 else usual) for n in range(4)]
    assert [each.text for each in flips(group)] == ["2"]


def test_swaps_hardly_ever_flip_and_every_sentence_is_an_event() -> None:
    groups = list(codings(Tools.load()))
    assert all(each.outcome for group in groups for each in group)
    sides = [each.outcome[0][2] for group in groups for each in group if "soldiers" not in each.text.lower()]
    assert {"actor1", "actor2"} <= set(sides)
    flipped = [each.text for group in groups for each in flips(group)]
    assert len(flipped) <= BAR * sum(map(len, groups)), "\n".join(flipped)


def test_every_people_is_marked() -> None:
    table = Path(__file__).parents[1] / "bench/bias.toml"
    for line in table.read_text(encoding="utf-8").splitlines():
        if line.startswith('  "') and "{x}" in line:
            assert line.count("[") == line.count("]") == line.count("{x}"), line
