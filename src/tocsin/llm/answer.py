"""Read what a language model answered. Nothing is taken on trust: whatever is not of the form asked for is dropped.

In:  the text of an answer.
Out: an `Answer`: the events it tells of, in the words of the codebook, and what was wrong with it; None if it is none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any

from tocsin.codebook import taxonomy, vocabulary
from tocsin.llm.prompt import sides
from tocsin.model import Status

THOUGHTS = re.compile(r"<think>.*?</think>", re.DOTALL)
MOST = 60  # events of one part of a report


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words of the report, and what they are said to be: a tactic, a side or a fact."""

    quote: str
    name: str


@dataclass(frozen=True, slots=True)
class Told:
    """One event as the model tells it: quotes, not yet looked up."""

    status: Status
    sub_event_type: str
    what: tuple[Quoted, ...]
    agents: tuple[Quoted, ...] = ()
    targets: tuple[Quoted, ...] = ()
    places: tuple[str, ...] = ()
    date: str | None = None
    killed: tuple[str, ...] = ()
    injured: tuple[str, ...] = ()
    weapon: str | None = None
    facts: tuple[Quoted, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The events, and what of the answer was dropped."""

    events: tuple[Told, ...]
    problems: tuple[str, ...] = ()


def read_answer(content: str, *, is_cut: bool = False) -> Answer | None:
    """The answer; of one that was cut off, the events that are whole. None: it is no JSON with a list of events."""
    rows = _rows(THOUGHTS.sub("", content), is_cut)
    if rows is None:
        return None
    problems: list[str] = ["the answer was cut off"] if is_cut else []
    if len(rows) > MOST:
        problems.append(f"{len(rows)} events, more than {MOST}")
    told = [_told(row, problems) for row in rows[:MOST]]
    return Answer(tuple(each for each in told if each), tuple(problems))


def _rows(content: str, is_cut: bool) -> list[Any] | None:
    start, end = content.find("{"), content.rfind("}") + 1
    try:
        found = json.loads(content[start:end]) if start >= 0 else None
    except (ValueError, RecursionError):
        return list(_whole(content)) if is_cut else None
    rows = found.get("events") if isinstance(found, dict) else None
    return rows if isinstance(rows, list) else None


def _whole(content: str) -> Iterator[Any]:
    """The objects of the list of events up to where the answer breaks off."""
    decoder = json.JSONDecoder()
    at = content.find("[", content.find('"events"')) + 1
    while 0 < at < len(content):
        if content[at] in " \t\r\n,":
            at += 1
            continue
        try:
            row, at = decoder.raw_decode(content, at)
        except (ValueError, RecursionError):
            return
        yield row


def _told(row: Any, problems: list[str]) -> Told | None:
    """The event; None without a known status and type, or without words that report it."""
    if not isinstance(row, dict):
        problems.append("an event that is no object")
        return None
    status, kind = row.get("status"), row.get("sub_event_type")
    if status not in set(Status) or not _known(kind, taxonomy().sub_event_types):
        problems.append(f"an event with the status {_shown(status)} and the type {_shown(kind)}")
        return None
    what = _several(row, "what", "tactic", vocabulary().tactics, problems)
    if not what:
        problems.append("an event without words that report it")
        return None
    return Told(
        status=Status(status),
        sub_event_type=str(kind),
        what=what,
        agents=_several(row, "agents", "side", sides(), problems),
        targets=_several(row, "targets", "side", sides(), problems),
        places=_texts(row, "places"),
        date=next(iter(_texts(row, "date")), None),
        killed=_texts(row, "killed"),
        injured=_texts(row, "injured"),
        weapon=next(iter(_texts(row, "weapon")), None),
        facts=_several(row, "facts", "fact", vocabulary().facts, problems),
    )


def _several(
    row: dict[str, Any], field: str, name: str, known: Container[str], problems: list[str]
) -> tuple[Quoted, ...]:
    found: list[Quoted] = []
    items = row.get(field)
    for item in items if isinstance(items, list) else ():
        quote, value = (item.get("quote"), item.get(name)) if isinstance(item, dict) else (None, None)
        if _is_text(quote) and _known(value, known):
            found.append(Quoted(str(quote), str(value)))
        else:
            problems.append(f"{field}: {_shown(quote)} as {_shown(value)}")
    return tuple(dict.fromkeys(found))


def _texts(row: dict[str, Any], field: str) -> tuple[str, ...]:
    """One quote or a list of them."""
    value = row.get(field)
    return tuple(dict.fromkeys(filter(_is_text, value if isinstance(value, list) else [value])))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _known(value: Any, known: Container[str]) -> bool:
    return isinstance(value, str) and value in known


def _shown(value: Any) -> str:
    """What the model wrote, short enough for a message."""
    return repr(value)[:60]
