"""The slots for who acts and who suffers: `{a1}`, `{a2}`, `{target}` ...

In:  the parties of an event.
Out: noun phrases with their article, and how other words agree with them.
"""

from __future__ import annotations

from training.generate.parties import FIRST, Party
from training.generate.slots import Slots
from training.generate.tables import lands

OBJECTS = ("target", "moving")  # things of the second side: slots and banks


class Sides(Slots):
    """Names the sides."""

    def foresee(self, slot: str) -> str:
        """The agreement of a slot that is written later: choose its words now."""
        if slot in ("a1", "a2", *OBJECTS):
            self.foreseen[slot] = self._side(slot)
            return self.foreseen[slot][1]
        return str(self.words["plural"])

    def _party(self, slot: str) -> Party:
        found = self.event.a1 if slot == "a1" else self.event.a2
        assert found is not None, f"{self.event.spec.key}: no second side"
        return found

    def _side(self, slot: str) -> tuple[str, str]:
        """Words for a side and how they agree."""
        self.bearer = self._party("a1" if slot == "a1" else "a2")
        if slot in OBJECTS:
            kind = "rebels" if self.bearer.names else self.bearer.kind.removesuffix(FIRST)
            bank = self.teller.language.phrases.get(f"{slot}.{'army' if kind == 'foreign' else kind}")
            if bank:
                text = self.teller.text(self.rng.choice(bank).tree)
                return text, self._agreement(text)
        if self._bare(name := self._name()):
            return self._with_article(name)
        kind = self._kind(self.bearer, slot)
        agreement, line = self.rng.choice(self.teller.language.actors[kind])
        text = self.teller.text(line.tree)
        return text, (self._with_article(text)[1] if agreement == "=" else agreement)

    def _kind(self, party: Party, slot: str) -> str:
        actors = self.teller.language.actors
        if slot == "a1" and self.event.spec.key == "mob":
            return "mob"
        if party.names and party.kind.removesuffix(FIRST) == "communal":
            return "rebels"
        return party.kind if party.kind in actors else party.kind.removesuffix(FIRST)

    def _agreement(self, text: str) -> str:
        starts = self.words["agreement"]
        return str(next((each for start, each in starts.items() if text.startswith(start)), self.words["plural"]))

    def _name(self) -> str:
        """A name of the organisation; the first ones are the usual ones."""
        names = self.bearer.names.get(self.teller.language.code, ()) if self.bearer else ()
        return names[min(self.rng.randrange(len(names)), self.rng.randrange(len(names)))] if names else ""

    def _bare(self, name: str) -> bool:
        """A name that already says people: "Zarma gunmen"."""
        return bool(name) and (name[0].islower() or name.split()[-1] in self.words["articles"].get("people", ()))

    def _with_article(self, name: str) -> tuple[str, str]:
        """The name with its article, and how it agrees."""
        articles, first, last = self.words["articles"], name.split()[0], name.split()[-1]
        if self.teller.language.code == "en":
            if self._bare(name) or name.startswith("the "):
                return name, "p" if self._bare(name) else "s"
            return (f"the {name}" if name in articles["the"] or last in articles["the"] else name), (
                "p" if name in articles["plural"] or first in articles["plural"] else "s"
            )
        if first in articles["plural"]:
            return name, "mp"
        for article, agreement in (("les", "mp"), ("des", "mp"), ("le", "ms"), ("la", "fs"), ("l'", "fs")):
            if first in (article, article + "s"):
                return name, agreement
            if name.startswith(f"{article} ") or (article == "l'" and name.startswith("l'")):
                return name, agreement
            if name in articles[article] or first in articles[article]:
                return (article + name if article == "l'" else f"{article} {name}"), agreement
        return name, "ms"

    def _body(self, slot: str) -> tuple[str, str]:
        """A side as an organisation: its name, or what stands for it; else as usual."""
        self.bearer = self._party(slot)
        if name := self._name():
            return self._with_article(name)
        bank = self.teller.language.phrases.get(f"body.{self.bearer.kind.removesuffix(FIRST)}")
        if not bank:
            return self._side(slot)
        text = self.teller.text(self.rng.choice(bank).tree)
        return text, self._agreement(text)

    def say_a1o(self, form: str) -> None:
        text, self.teller.agreement["a1"] = self._body("a1")
        self.write(text, form, "a1")

    def say_a2o(self, form: str) -> None:
        text, self.teller.agreement["a2"] = self._body("a2")
        self.write(text, form, "a2")

    def _say_side(self, slot: str, form: str, label: str) -> None:
        text, agreement = self.foreseen.pop(slot) if slot in self.foreseen else self._side(slot)
        self.teller.agreement[slot] = agreement
        if slot in OBJECTS:
            self.teller.agreement["a2"] = agreement
        self.write(text, form, label)

    def say_a1(self, form: str) -> None:
        if form == "of":
            return self.say_a1o(form)
        self._say_side("a1", form, "a1")

    def say_a2(self, form: str) -> None:
        if form == "of":
            return self.say_a2o(form)
        self._say_side("a2", form, "a2")

    say_a2p = say_a2

    def say_target(self, form: str) -> None:
        self._say_side("target", form, "a2")

    def say_moving(self, form: str) -> None:
        self._say_side("moving", form, "a2")

    def say_target0(self, form: str) -> None:
        self.write(self._side("target")[0], form)

    def say_a2m(self, form: str) -> None:
        self._say_side("a2", form, "a2")

    def say_a1again(self, form: str) -> None:
        kind = self.event.a1.kind
        bank = self.teller.language.phrases.get(f"again.{kind}") or self.teller.language.phrases["again.unknown"]
        self.write(self.teller.text(self.rng.choice(bank).tree), form, "a1", 1)

    def say_g(self, form: str) -> None:
        self.write(self._with_article(self._name() or "")[0], form)

    def say_name(self, form: str) -> None:
        self.write(self._name(), form)

    def say_people(self, form: str) -> None:
        assert self.bearer is not None
        self.write(self.bearer.people[self.teller.language.code], form)

    def say_adj(self, form: str) -> None:
        state = self.bearer.state if self.bearer and self.bearer.state in lands() else self.teller.scene.land.iso3
        self.write(lands()[state].adjective[self.teller.language.code][form])
