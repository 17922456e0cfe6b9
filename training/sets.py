"""Sets of others that tell which words belong to which event, as Examples. Both are under the MIT licence.

In:  event_location (Halterman 2019: which place belongs to which verb) and wikievents (Li, Ji, Han 2021: who did what).
Out: Examples that know some roles only.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tocsin.model import Span
from training.examples import Example, Mention

Role = tuple[int, str, Span]  # event, role, words

SHARE = 0.3  # of their examples that a round sees
NO_SPACE_BEFORE = frozenset(".,;:!?)]}%’'”")
NO_SPACE_AFTER = frozenset("([{$“")
JOINED = frozenset("-’'/")  # stand between two words without a space
EVENTS = ("Conflict.Attack", "Conflict.Demonstrate", "Life.Die", "Life.Injure")
ROLE_OF = {
    "Attacker": "actor1",
    "Killer": "actor1",
    "Injurer": "actor1",
    "Demonstrator": "actor1",
    "Target": "actor2",
    "Victim": "actor2",
    "Place": "place",
    "Instrument": "weapon",
    "ExplosiveDevice": "weapon",
}


def event_location(path: Path) -> Iterator[Example]:
    """Sentences, each with all its verbs that were asked about; the place alone is known of them."""
    by_text: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            by_text[row["text"]].append(row)
    for text, rows in by_text.items():
        places = _places(text, rows[0]["tokens"])
        if places is None:
            continue
        mentions, roles = [], []
        for number, row in enumerate(rows):
            (verb,) = row["verb"]
            mentions.append(Mention(Span(verb["start"], verb["end"]), None, None, number, tagged=False))
            for first, last in _runs(sorted(place["tok_start"] for place in row["locations"])):
                roles.append((number, "place", Span(places[first].start, places[last].end)))
        name = f"event_location-{rows[0]['id']}"
        yield _partial(name, text, mentions, roles, ("place",))


def _partial(
    name: str, text: str, mentions: Iterable[Mention], roles: Iterable[Role], asked: tuple[str, ...]
) -> Example:
    """An example of which the roles `asked` are known, and nothing else."""
    return Example(
        name,
        (name,),
        "en",
        text,
        mentions=tuple(mentions),
        roles=tuple(roles),
        asked=asked,
        complete=False,
        share=SHARE,
    )


def _places(text: str, tokens: Sequence[str]) -> list[Span] | None:
    """Where the tokens stand in the text; None if one is not found."""
    at, found = 0, []
    for token in tokens:
        start = text.find(token, at)
        if start < 0:
            return None
        at = start + len(token)
        found.append(Span(start, at))
    return found


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """First and last of each row of numbers that follow each other."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and number <= found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def wikievents(path: Path) -> Iterator[Example]:
    """Documents with attacks, deaths, injuries and demonstrations, and the words of their arguments."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            text, places = _joined(row["tokens"])
            events = [event for event in row["event_mentions"] if event["event_type"] in EVENTS]
            mentions, roles = [], []
            for number, event in enumerate(events):
                first, last = event["trigger"]["start_idx"], event["trigger"]["end_idx"] - 1
                trigger = Span(places[first].start, places[last].end)
                mentions.append(Mention(trigger, None, None, number, tagged=False))
                for argument in event["arguments"]:
                    span = _nearest(row["tokens"], places, argument["text"].split(), first)
                    if span and argument["role"] in ROLE_OF:
                        roles.append((number, ROLE_OF[argument["role"]], span))
            name = f"wikievents-{row['doc_id']}"
            yield _partial(name, text, mentions, roles, ("actor1", "actor2", "place", "weapon"))


def _joined(tokens: Sequence[str]) -> tuple[str, list[Span]]:
    """The tokens as running text, and where each stands."""
    text, places = "", []
    before = ""
    for token in tokens:
        close = not text or token[0] in NO_SPACE_BEFORE | JOINED or before[-1] in NO_SPACE_AFTER | JOINED
        text += token if close else f" {token}"
        places.append(Span(len(text) - len(token), len(text)))
        before = token
    return text, places


def _nearest(tokens: Sequence[str], places: Sequence[Span], words: Sequence[str], trigger: int) -> Span | None:
    """The place of the words nearest to the trigger."""
    size = len(words)
    starts = [at for at in range(len(tokens) - size + 1) if list(tokens[at : at + size]) == list(words)]
    if not starts or not words:
        return None
    start = min(starts, key=lambda at: abs(at - trigger))
    return Span(places[start].start, places[start + size - 1].end)
