"""Spans that the rules find, as further questions to train on: the model is asked about them later.

In:  Examples.
Out: the same with the rules' triggers among the mentions, and their actors, places, times and counts among the others.

A candidate is what the coder says of the words it overlaps. A trigger of the rules that overlaps nothing marked is
none; one on the words of a toll or a weapon is left out, for these may tell the event too. What was found is kept in a
folder by the hash of the text, since the parsing takes long.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from tocsin.code import Tools, look
from tocsin.code.lexicon import load
from tocsin.model import Report, Span
from training.examples import NONE, Example, Mention

BY_THE_WAY = ("fatalities", "injured", "weapon")
Found = dict[str, list[tuple[int, int]]]


@dataclass
class Candidates:
    """The rules, and what they found before."""

    folder: Path

    @cached_property
    def tools(self) -> Tools:
        return Tools.load()

    def add(self, examples: Iterable[Example]) -> list[Example]:
        """The examples with candidates; snippets as they are."""
        return [one if one.whole else with_candidates(one, self._found(one)) for one in examples]

    def _found(self, one: Example) -> Found:
        key = hashlib.sha256(f"{one.lang}\n{one.published}\n{one.text}".encode()).hexdigest()[:24]
        path = self.folder / key[:2] / f"{key}.json"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            part.write_text(json.dumps(self._look(one)))
            part.replace(path)
        found: Found = json.loads(path.read_text())
        return found

    def _look(self, one: Example) -> Found:
        scene = look(Report(one.id, one.text, one.title, one.published, lang=one.lang), self.tools)
        reading = scene.reading
        triggers = [match.span for match in load(one.lang).find(reading.words) if match.entry.grade != "means"]
        others = {
            "actor": [mention.span for mention in scene.actors],
            "place": [mention.span for mention in scene.places],
            "date": [time.span for time in scene.times],
        }
        for count in reading.counts:
            others.setdefault(count.kind, []).append(count.span)
        return {
            "triggers": sorted({(span.start, span.end) for span in triggers}),
            **{kind: sorted({(span.start, span.end) for span in spans}) for kind, spans in others.items()},
        }


def with_candidates(one: Example, found: Found) -> Example:
    """The example with the candidates labelled by what the coder marked."""
    triggers = [Span(start, end) for start, end in found["triggers"]]
    taken = {mention.span for mention in one.mentions}
    skipped = [span for _, role, span in one.roles if role in BY_THE_WAY]
    made = [_labelled(span, one) for span in triggers if span not in taken]
    added = [
        mention
        for mention in made
        if mention.status != NONE or (one.complete and not any(span.overlaps(mention.span) for span in skipped))
    ]
    others = [(Span(*place), kind) for kind, places in found.items() if kind != "triggers" for place in places]
    return replace(one, mentions=(*one.mentions, *added), others=(*one.others, *others))


def _labelled(span: Span, one: Example) -> Mention:
    """What the coder says of the span: of the marked words that it overlaps, a trigger of an event before all else."""
    around = [mention for mention in one.mentions if mention.span.overlaps(span)]
    around.sort(key=lambda mention: (mention.event is None, mention.span))
    if not around:
        return Mention(span, NONE, NONE, tagged=False)
    return replace(around[0], span=span, tagged=False)
