"""What is a report about: politics and war, or sport, weather, crime, a film, a trial?

In:  a Reading, the cues found in it and those of its title.
Out: the first cue of the topic, or None; whether the report has nothing to do with politics and war.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set

from tocsin.code.lexicon import Entry, Match
from tocsin.read.reader import Reading

IN_REPORT = 4  # different words of a topic that make it the topic of a report, those of the title counted twice
IN_SENTENCE = 3
IN_SNIPPET = 2  # by so many they must outnumber all words of conflict in a snippet
LONG = 9  # in more sentences than this a single word of conflict is by the way
POLITICS = frozenset({"politics"})
CONFLICT = POLITICS | {"conflict"}


def topic_of_report(reading: Reading, cues: Sequence[Match], title: Sequence[Entry]) -> Match | None:
    """The topic with the most different words, if they are enough and outweigh the words of politics and war."""
    if not reading.is_snippet:
        return _topic(reading, cues, title, IN_REPORT)
    return _topic(reading, cues, title, IN_SNIPPET, CONFLICT)


def topic_of_sentence(reading: Reading, cues: Iterable[Match]) -> Match | None:
    """The topic that one sentence alone makes plain."""
    return _topic(reading, cues, (), IN_SENTENCE)


def is_civil(reading: Reading, cues: Iterable[Match], title: Iterable[Entry]) -> bool:
    """Has the report no word of politics or war, or a single one in a long text? A snippet need not have any."""
    headed = any(entry.facts & CONFLICT for entry in title)
    least = 1 + (len(reading.sentences) > LONG)
    return not reading.is_snippet and len(conflict_forms(reading, cues)) + headed < least


def conflict_forms(reading: Reading, cues: Iterable[Match]) -> set[str]:
    """The different words of politics and war."""
    return {reading.words[cue.first].form for cue in cues if cue.entry.facts & CONFLICT}


def _topic(
    reading: Reading, cues: Iterable[Match], title: Iterable[Entry], least: int, against: Set[str] = POLITICS
) -> Match | None:
    told: dict[Entry, set[str]] = defaultdict(set)
    politics: set[str] = set()
    first: dict[Entry, Match] = {}
    for cue in cues:
        if "topic" in cue.entry.facts:
            told[cue.entry].add(reading.words[cue.first].form)
            first.setdefault(cue.entry, cue)
        elif cue.entry.facts & against:
            politics.add(reading.words[cue.first].form)
    for entry, forms in told.items():
        headed = 2 * sum(1 for other in title if other == entry)
        if len(forms) + headed - len(politics) >= least + (not headed and least == IN_REPORT):
            return first[entry]
    return None
