"""The events that the text itself tells, so that "the Kati attack" has its day.

In:  a Report, the Tools of code/.
Out: the day of an event by its place, or of the main event. Coding happens on first use.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tocsin.check.reading.periods import Period
from tocsin.code import Tools, claims_in
from tocsin.fold import fold
from tocsin.model import Report


@dataclass
class Story:
    """What the report tells, coded when first asked for."""

    report: Report
    tools: Tools
    since: Period | None = None  # what a change was measured from last: a later one that says nothing means it too

    @cached_property
    def told(self) -> list[tuple[date, str]]:
        """Day and location of each event, in the order of the text."""
        claims = claims_in(self.report, self.tools).claims
        found = [(c.event_date.value, c.location.value or "") for c in claims if not c.background]
        return [(day, place) for day, place in found if day]

    def day_at(self, place: str) -> date | None:
        return next((day for day, where in self.told if fold(where) == fold(place)), None)

    @property
    def main(self) -> date | None:
        return self.told[0][0] if self.told else None
