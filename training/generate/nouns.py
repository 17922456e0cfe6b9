"""The slots of templates: sides, people and their number, places, times, names.

In:  the Teller that asks; its event and scene.
Out: words in its draft. A method `say_x` fills the slot `{x}`; its argument is the form: the preposition before it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from training.generate.facts import UNARMED, Event
from training.generate.grammar import Slot
from training.generate.parties import FIRST, Party
from training.generate.places import unit_name

if TYPE_CHECKING:
    from training.generate.teller import Teller

BANKS = {"foreign": "army", "gang": "fighters", "communal": "fighters", "unknown": "fighters", "notable": "people"}
OBJECTS = ("target", "moving")  # things of the second side: slots and banks
MOODS = {"violent", "strategic", "march"}  # which circumstances suit the event
ROUND = (50, 80, 100, 150, 200, 300, 400, 500, 700, 1000, 2000, 3000)
NTH = {1: "1st", 2: "2nd", 3: "3rd", 21: "21st", 22: "22nd", 23: "23rd", 31: "31st"}


class Nouns:
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

    def foresee(self, slot: str) -> str:
        """The agreement of a slot that is written later: choose its words now."""
        if slot in ("a1", "a2", *OBJECTS):
            self.foreseen[slot] = self._side(slot)
            return self.foreseen[slot][1]
        return str(self.words["plural"])

    # -- sides

    def _party(self, slot: str) -> Party:
        found = self.event.a1 if slot == "a1" else self.event.a2
        assert found is not None, f"{self.event.spec.key}: no second side"
        return found

    def _side(self, slot: str) -> tuple[str, str]:
        """Words for a side and how they agree."""
        self.bearer = self._party("a1" if slot == "a1" else "a2")
        if slot in OBJECTS:
            kind = self.bearer.kind.removesuffix(FIRST)
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
        return party.kind if party.kind in actors else party.kind.removesuffix(FIRST)

    def _agreement(self, text: str) -> str:
        starts = self.words["agreement"]
        return next((each for start, each in starts.items() if text.startswith(start)), self.words["plural"])

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
        text, agreement = self.foreseen.pop(slot, None) or self._side(slot)
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
        from training.generate.tables import lands

        state = self.bearer.state if self.bearer and self.bearer.state in lands() else self.teller.scene.land.iso3
        self.write(lands()[state].adjective[self.teller.language.code][form])

    # -- people and numbers

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

    # -- later mentions of the event, tolls

    def say_ref(self, form: str) -> None:
        lines = [
            (key, line)
            for key, line in self.teller.language.telling[self.event.spec.key].ref
            if ("wd" not in line.slots or "fresh" in self.event.tags) and self.teller.allows(line)
        ]
        agreement, line = self.rng.choice(lines)
        self.teller.agreement["ref"] = agreement
        self.write(self.teller.text(line.tree), form, "" if "trigger" in self.teller.inside else "trigger", 1)

    def _say_toll(self, bank: str) -> None:
        kind = (
            "dead_hurt"
            if self.event.dead and self.event.hurt
            else "dead"
            if self.event.dead
            else "hurt"
            if self.event.hurt
            else "none"
        )
        if self.event.dead and self.rng.random() < 0.12:  # told in a sentence of its own
            return
        banks = self.teller.language.phrases
        self.teller.say(self.rng.choice(banks.get(f"{bank}.{kind}") or banks[f"{bank}.dead"]).tree)

    def say_toll(self, form: str) -> None:
        self._say_toll("toll")

    def say_left(self, form: str) -> None:
        self._say_toll("left")

    def say_left2(self, form: str) -> None:
        kind = (
            "dead_hurt"
            if self.event.dead and self.event.hurt
            else "dead"
            if self.event.dead
            else "hurt"
            if self.event.hurt
            else "none"
        )
        self.teller.say(self.rng.choice(self.teller.language.phrases[f"left2.{kind}"]).tree)

    def say_hurtail(self, form: str) -> None:
        self.teller.say(self.rng.choice(self.teller.language.phrases["hurtail.hurt"]).tree)

    # -- where

    @property
    def admin_sayable(self) -> bool:
        if self.teller.event is None:
            return True
        skipped, site = self.words["admin"]["skip"], self.event.spot.site
        if unit_name(site.admin1) == site.name and self.event.spot.kind != "admin":
            return False
        return not any(word in skipped for word in self.event.spot.site.admin1.replace("-", " ").split())

    def say_wp(self, form: str) -> None:
        parts = ["where", "when"] if self.rng.random() < 0.6 else ["when", "where"]
        for part in (each for each in parts if each not in self.teller.given):
            self.teller.draft.write(" ")
            self.teller.slot(part, "")
        bank = self.teller.language.phrases.get(f"circ.{MOODS & self.event.tags and next(iter(MOODS & self.event.tags))}")
        if bank and self.rng.random() < 0.3:
            self.teller.draft.write(", ")
            self.teller.say(self.rng.choice(bank).tree)
            self.teller.draft.write(",")

    def say_wpf(self, form: str) -> None:
        for part in (each for each in ("when", "where") if each not in self.teller.given):
            self.teller.slot(part, "")
            self.teller.draft.write(", " if part == "where" or "where" in self.teller.given else " ")

    def say_where(self, form: str) -> None:
        bank = self.teller.language.phrases[f"where.{self.event.spot.kind}"]
        with self.teller.mark("place", 1):
            self.teller.say(self.teller.pick(bank).tree)

    def say_site(self, form: str) -> None:
        """The place as a thing that is taken or lost; the mark begins after the preposition."""
        tree = self.teller.pick(self.teller.language.phrases[f"site.{self.event.spot.kind}"]).tree
        at, slot = next((at, node) for at, node in enumerate(tree) if isinstance(node, Slot) and node.name == "place")
        before, after = self.teller.text(tree[:at]), self.teller.text(tree[at + 1 :])
        lead, rest = self.joined(form, before or self.site_name)
        self.teller.draft.write(lead)
        with self.teller.mark("place", 1):
            if before:
                self.teller.draft.write(rest)
            self.write(self.site_name, slot.form, "place")
            self.teller.draft.write(after)

    def say_place(self, form: str) -> None:
        inside = "place" in self.teller.inside
        self.write(self.site_name, form, "place" if inside else "")

    @property
    def site_name(self) -> str:
        """The place as the language calls it."""
        name, home = self.event.spot.site.name, self.teller.scene.home
        return self.teller.scene.capital if name == home.capitals.get("en") else name

    def say_placename(self, form: str) -> None:
        self.write(unit_name(self.event.spot.site.admin1) if self.event.spot.kind == "admin" else self.site_name, form)

    def say_admin1(self, form: str) -> None:
        name = unit_name(self.event.spot.site.admin1)
        if form and self.words["admin"].get("le"):
            first = name.replace("-", " ").split()[0]
            for article in ("le", "les", "l'"):
                if first in self.words["admin"][article]:
                    name = article + name if article == "l'" else f"{article} {name}"
                    break
        label = "place" if "place" in self.teller.inside and self.event.spot.kind == "admin" else ""
        self.write(name, form, label)

    def say_near(self, form: str) -> None:
        self.write(self.event.spot.other.name, form)

    say_other = say_near

    def say_km(self, form: str) -> None:
        km = self.event.spot.km
        self.teller.draft.write(str(km if km < 30 else round(km, -1)))

    def say_dir(self, form: str) -> None:
        self.teller.draft.write(self.words["directions"][self.event.spot.direction])

    # -- when

    def say_when(self, form: str) -> None:
        if "when" in self.teller.given:
            return
        with self.teller.mark("date"):
            self.teller.phrase(f"when.{self.event.when}")

    def say_wd(self, form: str) -> None:
        self.teller.draft.write(self.words["weekdays"][self.teller.day.weekday()])

    def say_wdp(self, form: str) -> None:
        self.teller.draft.write(self.words["weekdays"][(self.teller.day.weekday() - 1) % 7])

    def say_d(self, form: str) -> None:
        self.teller.draft.write(self._day(self.teller.day))

    def _day(self, day: date) -> str:
        return str(self.words.get("first", "1")) if day.day == 1 else str(day.day)

    def say_nth(self, form: str) -> None:
        self.teller.draft.write(NTH.get(self.teller.day.day, f"{self.teller.day.day}th"))

    def say_month(self, form: str) -> None:
        day = (
            self.teller.day
            if self.teller.event
            else self.teller.scene.published + timedelta(days=self.rng.randint(40, 200))
        )
        self.write(self.words["months"][day.month - 1], form)

    def say_hour(self, form: str) -> None:
        self.teller.draft.write(self.rng.choice(self.words["when"]["hour"]))

    def say_pastyear(self, form: str) -> None:
        self.teller.draft.write(str(self.teller.past.year))

    def say_d1(self, form: str) -> None:
        self._date(self.teller.scene.published - timedelta(days=6))

    def say_d2(self, form: str) -> None:
        self._date(self.teller.scene.published)

    def _date(self, day: date) -> None:
        self.teller.draft.write(f"{self._day(day)} {self.words['months'][day.month - 1]}")

    # -- names of the scene

    def say_person(self, form: str) -> None:
        self.write(self.teller.scene.person(self.rng), form)

    def say_town(self, form: str) -> None:
        self.write(self.teller.town if self.rng.random() < 0.7 else self.teller.scene.town(self.rng), form)

    def say_townup(self, form: str) -> None:
        self.teller.draft.write(self.teller.scene.town(self.rng).upper())

    def say_capital(self, form: str) -> None:
        self.write(self.teller.scene.capital, form)

    def say_capitalup(self, form: str) -> None:
        self.teller.draft.write(self.teller.scene.capital.upper())

    def say_country(self, form: str) -> None:
        self.write(self.teller.scene.country, form)

    def say_country_in(self, form: str) -> None:
        self.write(self.teller.scene.land.within[self.teller.language.code])

    def say_country_of(self, form: str) -> None:
        self.write(self.teller.scene.land.of[self.teller.language.code])

    def say_s(self, form: str) -> None:
        self.teller.core(fronted=self.rng.random() < 0.18)
