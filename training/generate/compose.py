"""Build whole reports: briefs, news, features, round-ups, and reports without any event.

In:  the data files, a seed, how many reports.
Out: `Made` reports: the text with its marks, the title, the facts of its events.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from training.generate.draft import Draft, Mark
from training.generate.facts import Event, event
from training.generate.grammar import Line
from training.generate.parties import by_region
from training.generate.scene import Scene, scene
from training.generate.tables import Spec, lands, language, types
from training.generate.teller import STATUSES, Teller

FORMS = (("none", 20), ("brief", 22), ("news", 32), ("feature", 12), ("roundup", 14))
LATEST = date(2026, 6, 30)


@dataclass(slots=True)
class Made:
    """A report under construction and when finished."""

    scene: Scene
    form: str
    source: str
    title: str = ""
    text: str = ""
    marks: list[Mark] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


class Bag:
    """Draws all of some things once, in random order, before it draws any again."""

    def __init__(self, things: list[Spec], rng: Random) -> None:
        self._things, self._rng, self._left = things, rng, list[Spec]()

    def draw(self, *, war: bool) -> Spec:
        """The next one; types of war only where there is one, without losing them elsewhere."""
        if not any(war or not each.war for each in self._left):
            self._left += self._rng.sample(self._things, len(self._things))
        at = next(i for i, each in enumerate(self._left) if war or not each.war)
        return self._left.pop(at)


class Composer:
    """Makes one report after the other, balanced over types, regions and languages."""

    def __init__(self, seed: int, langs: tuple[str, ...]) -> None:
        self.rng = Random(seed)
        self.langs = langs
        self.bag = Bag(list(types().specs), self.rng)
        self.regions = by_region()

    def reports(self, number: int) -> Iterator[Made]:
        """So many reports."""
        for index in range(number):
            yield self._report(self.langs[index % len(self.langs)])

    def _report(self, lang: str) -> Made:
        names, weights = zip(*FORMS, strict=True)
        form = self.rng.choices(names, weights)[0]
        iso3 = self._country()
        stage = scene(language(lang), iso3, self._published(iso3))
        made = Made(stage, form, Teller(stage, Draft(), self.rng).text(self._line(stage, "outlets")))
        self._events(made)
        draft = Draft()
        Writer(made, draft, self.rng).write()
        made.text, made.marks = draft.finish(), draft.marks
        return made

    def _line(self, stage: Scene, bank: str) -> tuple:  # type: ignore[type-arg]
        return self.rng.choice(stage.language.phrases[bank]).tree

    def _country(self) -> str:
        """A region, countries at war somewhat more often than their region has them."""
        codes = self.regions[self.rng.choice(sorted(self.regions))]
        return self.rng.choices(codes, [lands()[code].share for code in codes])[0]

    def _published(self, iso3: str) -> date:
        """A day since the troubles of the country began, the later the likelier."""
        first = date(lands()[iso3].since, 1, 15)
        return first + timedelta(days=int((LATEST - first).days * self.rng.random() ** 0.7))

    def _events(self, made: Made) -> None:
        number = {"none": 0, "brief": 1, "news": self.rng.choice((1, 1, 2, 2, 3)), "feature": self.rng.randint(1, 4)}
        land = made.scene.land
        for _ in range(number.get(made.form, self.rng.randint(4, 8))):
            spec = self.bag.draw(war=land.war or self.rng.random() < 0.25)
            if found := self._event(made, spec):
                made.events.append(found)
        if not made.events:
            made.form = "none"

    def _event(self, made: Made, spec: Spec) -> Event | None:
        """An event of the type at a place that the report has not named yet; None if the country is too small."""
        taken = {each.spot.site.name for each in made.events}
        for _ in range(6):
            recent = made.form == "roundup"
            found = event(spec, made.scene.land.iso3, made.scene.published, self.rng, recent=recent)
            if found.spot.site.name not in taken and self._sayable(made.scene, found):
                return found
        return None

    def _sayable(self, stage: Scene, found: Event) -> bool:
        """Whether the language has words for the place: not "dans la région de North Carolina"."""
        skipped = stage.language.words["admin"]["skip"]
        return found.spot.kind != "admin" or not set(skipped) & set(found.spot.site.admin1.replace("-", " ").split())


class Writer:
    """Writes one report into a draft, paragraph by paragraph."""

    def __init__(self, made: Made, draft: Draft, rng: Random) -> None:
        self.made, self.draft, self.rng = made, draft, rng
        self.aside = Teller(made.scene, draft, rng)  # for what tells no event
        self.tellers = [Teller(made.scene, draft, rng, each, number) for number, each in enumerate(made.events)]
        self.used = set[str]()

    def write(self) -> None:
        """The text; and the title, which tells the first event."""
        {"none": self._story, "roundup": self._roundup, "feature": self._feature}.get(self.made.form, self._news)()

    # -- pieces

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def space(self) -> None:
        self.draft.write(" ")

    def paragraph(self) -> None:
        self.draft.write("\n\n")

    def remark(self, *statuses: str) -> None:
        """A sentence that looks like an event, of one of the statuses, or a plain one; none twice in a report."""
        bank = (
            self.aside.language.phrases["status." + self.rng.choice(statuses)]
            if statuses
            else self.aside.language.phrases["plain"]
        )
        fresh = [line for line in bank if line.source not in self.used] or list(bank)
        line = self.rng.choice(fresh)
        self.used.add(line.source)
        self.aside.say(line.tree)

    def details(self, teller: Teller, most: int) -> None:
        """What is told of an event after its first sentence: tolls, later mentions."""
        self.toll(teller)
        for _ in range(self.rng.randint(0, most)):
            lines = [
                line
                for line in teller.language.phrases["follow"]
                if teller.allows(line)
                and line.source not in self.used
                and not ("a1again" in line.slots and "a1" not in self.told(teller))
            ]
            if lines:
                line = self.rng.choice(lines)
                self.used.add(line.source)
                self.space()
                teller.say(line.tree)

    def told(self, teller: Teller) -> set[str]:
        return teller.event.told if teller.event else set()

    def toll(self, teller: Teller) -> None:
        """The toll, if it is not told yet; now and then a second one."""
        happened = teller.event
        assert happened is not None
        bank = self._toll_bank(happened)
        if bank is None:
            return
        self.space()
        if bank == "revised":
            happened.less = happened.dead
            happened.dead += self.rng.randint(1, 4)
            teller.rank = -1
        teller.phrase(f"tells.{bank}")
        teller.rank = 1

    def _toll_bank(self, happened: Event) -> str | None:
        told, several = "dead" in happened.told, happened.dead > 2 and not happened.vague
        if happened.dead and not told:
            both = "dead_hurt" if happened.hurt and "hurt" not in happened.told else "dead"
            return (
                "vague"
                if happened.vague
                else "contra"
                if several and self.chance(0.2)
                else "one"
                if happened.dead == 1
                else both
            )
        if told and several:
            return "revised" if self.chance(0.1) else "contra" if self.chance(0.08) else None
        if happened.hurt and "hurt" not in happened.told:
            return "hurt" if self.chance(0.6) else None
        quiet = not happened.dead and not happened.hurt and not told and "violent" in happened.tags and happened.spec.key != "mob"
        return "none" if quiet and self.chance(0.3) else None

    def tell(self, teller: Teller, most: int, *, link: bool = False) -> None:
        """One event: its sentence and what follows."""
        if link:
            self.aside.phrase("form.link")
        teller.phrase("wrap")
        self.details(teller, most)

    # -- forms

    def _news(self) -> None:
        brief = self.made.form == "brief"
        self._title()
        self.aside.phrase("form.dateline")
        self.tell(self.tellers[0], 1 if brief else 2)
        if brief:
            self._ending(0.5)
            return
        if self.chance(0.7):
            self.paragraph()
            self.remark("statement", "denied", "threatened", "planned")
            self.details_again(self.tellers[0])
        for teller in self.tellers[1:]:
            self.paragraph()
            self.tell(teller, 2, link=True)
        for _ in range(self.rng.randint(1, 2)):
            self.paragraph()
            self.remark("background", "cumulative", "generic", "hypothetical", "planned", "not_political")
            if self.chance(0.5):
                self.space()
                self.remark()
        self._ending(0.3)

    def details_again(self, teller: Teller) -> None:
        """A later paragraph that comes back to the event."""
        lines = [
            line for line in teller.language.phrases["follow"] if teller.allows(line) and line.source not in self.used
        ]
        lines = [line for line in lines if "a1again" not in line.slots or "a1" in self.told(teller)]
        if lines and self.chance(0.7):
            self.space()
            line = self.rng.choice(lines)
            self.used.add(line.source)
            teller.say(line.tree)

    def _ending(self, share: float) -> None:
        if self.chance(share):
            self.space()
            self.remark(*self.rng.choice((("planned",), ("background",), ("cumulative",), ("hypothetical",), (), ())))
        self.space()
        self.aside.phrase("form.close")

    def _feature(self) -> None:
        self._title()
        self.remark()
        self.space()
        self.remark("generic", "background")
        for teller in self.tellers:
            self.paragraph()
            self.tell(teller, 3)
            self.paragraph()
            self.remark(
                "background",
                "generic",
                "hypothetical",
                "cumulative",
                "statement",
                "not_political",
                "denied",
                "threatened",
            )
            self.details_again(teller)
            if self.chance(0.6):
                self.space()
                self.remark()
        self.paragraph()
        self.remark("cumulative", "hypothetical", "planned")
        self._ending(0.6)

    def _roundup(self) -> None:
        self.made.title = self.title(self.aside, self.rng.choice(self.aside.language.phrases["form.header_title"]))
        self.aside.phrase("form.header")
        mark = self.rng.choice(self.aside.language.phrases["form.bullets"]).source
        separator = self.rng.choice(self.aside.language.phrases["form.sep"]).source
        gap = self.rng.choice(("\n", "\n\n"))
        self.draft.write("\n\n")
        for teller in sorted(self.tellers, key=lambda each: each.day):
            self.draft.write(mark)
            self._entry(teller, separator or ". ")
            self.draft.write(gap)
        self.draft.write("\n")
        self.remark("cumulative", "planned", "hypothetical", "background", "statement")
        if self.chance(0.5):
            self.space()
            self.remark("threatened", "denied", "not_political", "generic")

    def _entry(self, teller: Teller, separator: str) -> None:
        """One entry of a bulletin: mostly the day first, and sometimes the place."""
        happened = teller.event
        assert happened is not None
        if self.chance(0.75):
            with teller.mark("date"):
                teller.phrase("when.bullet")
            teller.given.add("when")
            if happened.spot.kind in ("town", "capital", "village") and self.chance(0.4):
                self.draft.write(", ")
                with teller.mark("place"):
                    teller.slot("place", "")
                teller.given.add("where")
            self.draft.write(separator.rstrip() + " ")
        teller.phrase("wrap.bullet")
        self.toll(teller)
        if self.chance(0.3):
            self.details_again(teller)

    def _story(self) -> None:
        """A report without an event: on one topic, or short notes on several."""
        if self.chance(0.4):
            return self._notes()
        phrases = self.aside.language.phrases
        topics = sorted({name.split(".")[1] for name in phrases if name.startswith("story.")})
        topic = self.rng.choice(topics)
        titles, leads = phrases[f"story.{topic}.title"], phrases[f"story.{topic}.lead"]
        which = self.rng.randrange(len(leads))
        self.made.title = self.title(self.aside, titles[min(which, len(titles) - 1)])
        self.aside.phrase("form.dateline")
        self.aside.say(leads[which].tree)
        lines = self.rng.sample(
            phrases[f"story.{topic}"], k=min(self.rng.randint(2, 6), len(phrases[f"story.{topic}"]))
        )
        for number, line in enumerate(lines):
            self.paragraph() if number % 2 else self.space()
            self.aside.say(line.tree)
        for _ in range(self.rng.randint(0, 3)):
            self.paragraph() if self.chance(0.5) else self.space()
            self.remark(*self.rng.choice(((), *((status,) for status in STATUSES))))

    def _notes(self) -> None:
        """News in brief in which nothing happens that is coded."""
        self.made.title = self.title(self.aside, self.rng.choice(self.aside.language.phrases["form.notes_title"]))
        self.aside.phrase("form.dateline")
        for number in range(self.rng.randint(2, 8)):
            if number:
                self.paragraph() if self.chance(0.5) else self.space()
            self.remark(*self.rng.choice(((), *((status,) for status in STATUSES))))

    def _title(self) -> None:
        teller = self.tellers[0]
        assert teller.event is not None
        lines = teller.language.telling[teller.event.spec.key].title
        self.made.title = self.title(teller, teller.pick(lines))
        teller.event.told.clear()

    def title(self, teller: Teller, line: Line) -> str:
        """A headline; its marks are dropped."""
        outer, teller.draft = teller.draft, Draft()
        teller.say(line.tree)
        inner, teller.draft = teller.draft, outer
        return inner.finish()
