"""Releases: rows frozen and hashed, so that everybody can check that they hold the same ones.

In:  event rows in any order.
Out: the sha256 of their sorted canonical JSON lines; what two releases differ in. Sorted on disk, not in memory.
"""

from __future__ import annotations

import heapq
import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby, islice
from typing import Any, Literal

from tocsin.errors import UsageError

Row = dict[str, Any]
CHUNK = 50_000  # lines sorted in memory at once


@dataclass(frozen=True, slots=True)
class Change:
    """One event that differs. `fields`: column -> (before, after), of a changed one only."""

    kind: Literal["added", "removed", "changed"]
    id: str
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)


def make(rows: Iterable[Row]) -> tuple[str, int]:
    """The hash of the rows, whatever their order, and how many they are."""
    digest, count = sha256(), 0
    for line in in_order(map(canonical, rows)):
        digest.update(line)
        count += 1
    return digest.hexdigest(), count


def verify(rows: Iterable[Row], expected: str) -> bool:
    """Are these the rows that were hashed?"""
    return make(rows)[0] == expected


def about(name: str, at: str, change: int, policy: str, *, codebook: str, code: str, public: Row) -> Row:
    """What a release says of itself; `public`: what was held back, see public.py."""
    versions = {"codebook_version": codebook, "code_version": code}
    return {"name": name, "at": at, "change": change, "policy": policy, **versions, "public": public}


def diff(before: Iterable[Row], after: Iterable[Row]) -> Iterator[Change]:
    """What was added, removed and changed, by id."""
    lines = heapq.merge(_sided(before, 0), _sided(after, 1))
    for name, group in groupby(lines, key=lambda found: found[0]):
        sides: dict[int, Row] = {}
        for _, side, row in group:
            if side in sides:
                raise UsageError(f"{name} is there twice in one release; compare rows of one moment.")
            sides[side] = json.loads(row)
        if len(sides) == 1:
            yield Change("added" if 1 in sides else "removed", name)
        elif changed := _fields(sides[0], sides[1]):
            yield Change("changed", name, changed)


def canonical(row: Row) -> bytes:
    """The row as one line: keys sorted, no spaces, ASCII."""
    return json.dumps(row, sort_keys=True, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def in_order(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines sorted: chunk by chunk on disk, then merged."""
    left = iter(lines)
    with ExitStack() as stack:
        chunks = []
        while chunk := sorted(islice(left, CHUNK)):
            file = stack.enter_context(tempfile.TemporaryFile())
            file.writelines(chunk)
            file.seek(0)
            chunks.append(file)
        yield from heapq.merge(*chunks)


def _sided(rows: Iterable[Row], side: int) -> Iterator[tuple[str, int, bytes]]:
    """(id, side, canonical row) in the order of the ids."""
    lines = (json.dumps(row["event_id_cnty"]).encode() + b"\t" + canonical(row) for row in rows)
    for line in in_order(lines):
        name, _, row = line.partition(b"\t")
        yield json.loads(name), side, row


def _fields(before: Row, after: Row) -> dict[str, tuple[Any, Any]]:
    names = sorted({*before, *after})
    return {name: (before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)}
