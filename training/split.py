"""Part examples so that no happening is on both sides.

In:  Examples with their groups.
Out: two halves; what is told in one is not told in the other.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

from training.examples import Example


def halves(examples: Sequence[Example]) -> dict[str, str]:
    """The half, "a" or "b", of each example: by the hash of its group, so that it stays where it is."""
    return {
        one.id: "ab"[hashlib.sha256(min(ids).encode()).digest()[0] % 2]
        for ids, members in _together(examples)
        for one in members
    }


def _together(examples: Iterable[Example]) -> list[tuple[set[str], list[Example]]]:
    """Examples joined wherever they share a group."""
    at: dict[str, int] = {}
    parts: dict[int, tuple[set[str], list[Example]]] = {}
    for number, one in enumerate(examples):
        ids, members = set(one.groups), [one]
        for old in sorted({at[group] for group in one.groups if group in at}):
            more, before = parts.pop(old)
            ids |= more
            members = before + members
        parts[number] = (ids, members)
        at |= dict.fromkeys(ids, number)
    return list(parts.values())


def by_file(examples: Iterable[tuple[str, Example]]) -> dict[str, list[Example]]:
    """Examples by the name of the file they come from."""
    found: dict[str, list[Example]] = defaultdict(list)
    for name, one in examples:
        found[name].append(one)
    return dict(found)
