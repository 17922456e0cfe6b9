"""Which of a report's counts belong to an incident, and how many died in it.

In:  the Incidents of a report and its Reading.
Out: the `Count`s of one incident; its `Toll`.
"""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.code.events import Incident
from tocsin.codebook import Verdict
from tocsin.codebook.fatalities import Toll, fatalities
from tocsin.model import Count
from tocsin.read.reader import Reading

BATTLE_CONTEXT = {"Battles": "battle", "Riots": "crowd", "Protests": "crowd"}
SUB_CONTEXT = {"Air/drone strike": "air_strike", "Shelling/artillery/missile attack": "shelling"}


def counts_of(incident: Incident, incidents: Sequence[Incident], reading: Reading) -> list[Count]:
    """Counts in the sentences that tell the incident, and in what follows them in their paragraphs."""
    if len(incidents) == 1:
        return list(reading.counts)
    own = {frame.sentence.index for frame in incident.frames}
    others = {frame.sentence.index for other in incidents for frame in other.frames} - own
    for index in sorted(own):
        for sentence in reading.sentences[index + 1 :]:
            if sentence.index in others or sentence.paragraph != reading.sentences[index].paragraph:
                break
            own.add(sentence.index)
    return [count for count in reading.counts if reading.sentence_at(count.span.start).index in own]


def toll_of(incident: Incident, verdict: Verdict, counts: Sequence[Count]) -> Toll:
    """How many died, by the codebook's rules."""
    return fatalities(counts, _context(verdict, incident))


def _context(verdict: Verdict, incident: Incident) -> frozenset[str]:
    """What the 3-or-10 rule for unknown plurals looks at."""
    tactics = set().union(*(frame.tactics for frame in incident.frames))
    found = {BATTLE_CONTEXT.get(verdict.event_type, ""), SUB_CONTEXT.get(verdict.sub_event_type, "")}
    return frozenset((found | ({"massacre"} & tactics)) - {""})
