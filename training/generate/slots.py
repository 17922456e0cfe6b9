"""What all slots need: joining words with a preposition, writing and marking them.

In:  the Teller that asks; its event and scene.
Out: words in its draft. In the classes built on `Slots`, a method `say_x` fills the slot `{x}`; its argument is the
form: the preposition before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.generate.facts import Event
from training.generate.parties import Party

if TYPE_CHECKING:
    from training.generate.teller import Teller


class Slots:
    """Fills slots for one Teller."""

    def __init__(self, teller: Teller) -> None:
        self.teller, self.rng = teller, teller.rng
        self.words = teller.language.words
        self.number = 0
        self.bearer: Party | None = None  # whose adjective and name the noun phrase being written takes
        self.foreseen: dict[str, tuple[str, str]] = {}  # slot -> text, agreement chosen before it is written

    @property
    def event(self) -> Event:
        assert self.teller.event is not None, "this template needs an event"
        return self.teller.event

    # -- joining and marking

    def joined(self, form: str, text: str) -> tuple[str, str]:
        """A preposition and a noun phrase, contracted as the data say: what precedes the mark, and the rest."""
        if form not in self.words["contract"]:
            return "", text
        for start, becomes in self.words["contract"][form]:
            if text.startswith(start):
                lead, rest = becomes, text[len(start) :]
                return self._elided("de ", rest) if lead == "de " else (lead, rest)
        return self._elided(f"{form} ", text)

    def _elided(self, lead: str, rest: str) -> tuple[str, str]:
        if lead.endswith("e ") and rest.startswith(tuple(self.words["elide"])):
            return lead[:-2] + "'", rest
        return lead, rest

    def write(self, text: str, form: str = "", label: str = "", rank: int = 0) -> None:
        """Write a noun phrase after its preposition, marked if it states a field."""
        lead, rest = self.joined(form, text)
        self.teller.draft.write(lead)
        if label:
            with self.teller.mark(label, rank):
                self.teller.draft.write(rest)
        else:
            self.teller.draft.write(rest)
