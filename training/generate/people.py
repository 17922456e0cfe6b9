"""The slots for people, their number and their fate: `{killed}`, `{taken}`, `{toll}`, `{ref}` ...

In:  the facts of an event.
Out: numbers as newsrooms write them, with nouns that agree.
"""

from __future__ import annotations

from training.generate.facts import UNARMED
from training.generate.parties import FIRST
from training.generate.slots import Slots

BANKS = {"foreign": "army", "gang": "fighters", "communal": "fighters", "unknown": "fighters", "notable": "people"}
ROUND = (50, 80, 100, 150, 200, 300, 400, 500, 700, 1000, 2000, 3000)


class People(Slots):
    """Counts people, and tells what became of them."""

    def figure(self, number: int) -> str:
        """A number as newsrooms write it: small ones in words."""
        words = self.words["numbers"]
        if number < len(words):
            return str(words[number])
        return f"{number:,}".replace(",", "," if self.teller.language.code == "en" else " ")

    def people(self, bank: str, number: int, vague: str = "") -> tuple[str, str]:
        """So many people, and how the words agree."""
        lists = self.words["people"][bank]
        plural = number != 1 or bool(vague)
        choices = [(key, word) for key, words in lists.items() if (key[-1] == "p") == plural for word in words]
        agreement, noun = self.rng.choice(choices)
        if not plural:
            return noun, agreement
        self.number = number
        counted = (
            self.vague(vague)
            if vague
            else self.teller.text(self.rng.choice(self.teller.language.phrases["count.exact"]).tree)
        )
        return self.counted(counted, noun), agreement

    def vague(self, word: str) -> str:
        return self.teller.text(self.rng.choice(self.teller.language.phrases[f"count.{word}"]).tree)

    def counted(self, count: str, noun: str) -> str:
        """ "des dizaines de" + "habitants": joined with the preposition at the end of the count, if it has one."""
        start, _, last = count.rpartition(" ")
        if last in self.words["contract"]:
            return f"{start} {''.join(self.joined(last, noun))}"
        return f"{count} {noun}"

    def _victims(self) -> str:
        event = self.event
        if event.spec.victims != "actor2":
            return event.spec.victims
        kind = event.a2.kind.removesuffix(FIRST) if event.a2 else "people"
        return BANKS.get(kind, kind)

    def _say_people(
        self, slot: str, bank: str, number: int, labels: tuple[str, ...], vague: str = "", form: str = ""
    ) -> None:
        text, agreement = self.people(bank, number, vague)
        self.teller.agreement[slot] = agreement
        lead, rest = self.joined(form, text)
        self.teller.draft.write(lead)
        self._nested([each for each in labels if each not in self.teller.inside], rest)

    def _nested(self, labels: list[str], text: str) -> None:
        if not labels:
            self.teller.draft.write(text)
            return
        with self.teller.mark(labels[0], self.teller.rank):
            self._nested(labels[1:], text)

    @property
    def _victim_label(self) -> tuple[str, ...]:
        """People who are the second side of the event are marked as such."""
        kind = self.event.a2.kind if self.event.a2 else ""
        theirs = kind in (*UNARMED, "protesters") or (kind and self.event.spec.victims == "actor2")
        return ("a2",) if theirs and self.teller.rank == 0 else ()

    def say_killed(self, form: str) -> None:
        self._say_people(
            "killed", self._victims(), self.event.dead, ("dead", *self._victim_label), self.event.vague, form
        )

    def say_nc(self, form: str) -> None:
        self._say_people("nc", self._victims(), self.event.dead, self._victim_label, self.event.vague, form)

    def say_taken(self, form: str) -> None:
        bank = "women" if self.event.spec.key == "sexual" else "taken"
        self._say_people("taken", bank, self.event.taken, ("a2",), "", form)

    def say_hurt(self, form: str) -> None:
        self._say_people("hurt", self._victims(), self.event.hurt, ("hurt",), "", form)

    def say_hurtp(self, form: str) -> None:
        self._say_people("hurtp", self._victims(), self.event.hurt or 3, ("hurt", *self._victim_label), "", form)

    def say_nhc(self, form: str) -> None:
        self._say_people("nhc", self._victims(), self.event.hurt, (), "", form)

    def say_nh(self, form: str) -> None:
        self._say_number("nh", self.event.hurt)

    def say_nwords(self, form: str) -> None:
        if self.event.vague:
            self.teller.agreement["nwords"] = str(self.words["plural"])
            self.teller.draft.write(self.vague(self.event.vague))
        else:
            self._say_number("nwords", self.event.dead)

    def _say_number(self, slot: str, number: int) -> None:
        self.teller.agreement[slot] = "s" if number == 1 else "p"
        self.teller.draft.write(self.figure(number))

    def say_vaguep(self, form: str) -> None:
        self.teller.draft.write(self.counted(self.vague(self.event.vague), self.words["persons"]))

    def say_pubwd(self, form: str) -> None:
        self.teller.draft.write(self.words["weekdays"][self.teller.scene.published.weekday()])

    def say_vague(self, form: str) -> None:
        self.teller.draft.write(self.vague(self.event.vague))

    def say_n(self, form: str) -> None:
        self.teller.draft.write(self.figure(self.number))

    def say_nless(self, form: str) -> None:
        self._say_number("nless", self.event.less or max(1, self.event.dead - self.rng.randint(1, 3)))

    def say_nmore(self, form: str) -> None:
        self.event.more = self.event.dead + self.rng.randint(2, 9)
        self._say_number("nmore", self.event.more)

    def say_ndigits(self, form: str) -> None:
        self.teller.draft.write(str(self.event.dead))

    def say_ndigits2(self, form: str) -> None:
        self.teller.draft.write(str(max(2, self.event.taken)))

    def _random(self, low: int, high: int) -> None:
        self.teller.draft.write(self.figure(self.rng.randint(low, high)))

    def say_n2(self, form: str) -> None:
        self._random(2, 6)

    def say_n3(self, form: str) -> None:
        self._random(3, 9)

    def say_n4(self, form: str) -> None:
        self._random(10, 60)

    def say_bign(self, form: str) -> None:
        self._random(11, 140)

    def say_hugen(self, form: str) -> None:
        self.teller.draft.write(self.figure(self.rng.randint(10, 400) * 100))

    def say_round(self, form: str) -> None:
        self.teller.draft.write(self.figure(self.rng.choice(ROUND)))

    def say_crowd(self, form: str) -> None:
        count = self.teller.text(self.rng.choice(self.teller.language.phrases["count.crowd"]).tree)
        self.teller.draft.write(self.counted(count, form) if form else count)

    def say_ref(self, form: str) -> None:
        lines = [
            (key, line)
            for key, line in self.teller.language.telling[self.event.spec.key].ref
            if ("wd" not in line.slots or "fresh" in self.event.tags) and self.teller.allows(line)
        ]
        agreement, line = self.rng.choice(lines)
        self.teller.agreement["ref"] = agreement
        self.write(self.teller.text(line.tree), form, "" if "trigger" in self.teller.inside else "trigger", 1)

    def _harm(self) -> str:
        """What befell people, as the phrases are named by it."""
        return "_".join(name for name in ("dead", "hurt") if getattr(self.event, name)) or "none"

    def _say_toll(self, bank: str) -> None:
        if self.event.dead and self.rng.random() < 0.12:  # told in a sentence of its own
            return
        banks = self.teller.language.phrases
        self.teller.say(self.rng.choice(banks.get(f"{bank}.{self._harm()}") or banks[f"{bank}.dead"]).tree)

    def say_toll(self, form: str) -> None:
        self._say_toll("toll")

    def say_left(self, form: str) -> None:
        self._say_toll("left")

    def say_left2(self, form: str) -> None:
        self.teller.say(self.rng.choice(self.teller.language.phrases[f"left2.{self._harm()}"]).tree)

    def say_hurtail(self, form: str) -> None:
        self.teller.say(self.rng.choice(self.teller.language.phrases["hurtail.hurt"]).tree)
