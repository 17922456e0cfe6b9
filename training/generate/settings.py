"""The slots for where and when: `{wp}`, `{site}`, `{wd}` ...; and for names of the scene.

In:  the place and day of an event; the scene of the report.
Out: phrases of place and time.
"""

from __future__ import annotations

from datetime import date, timedelta

from training.generate.grammar import Slot
from training.generate.places import unit_name
from training.generate.slots import Slots

NTH = {1: "1st", 2: "2nd", 3: "3rd", 21: "21st", 22: "22nd", 23: "23rd", 31: "31st"}
MOODS = {"violent", "strategic", "march"}  # which circumstances suit the event


class Settings(Slots):
    """Says where and when."""

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
        bank = self.teller.language.phrases.get(
            f"circ.{MOODS & self.event.tags and next(iter(MOODS & self.event.tags))}"
        )
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
