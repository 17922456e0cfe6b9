"""Write one report, paragraph by paragraph: briefs, news, features, round-ups, and reports without any event.

In:  a `Made` report with its scene, form and events.
Out: text and marks in a draft; the title.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from training.generate.draft import Draft, Mark
from training.generate.facts import Event
from training.generate.grammar import Line
from training.generate.scene import Scene
from training.generate.teller import STATUSES, Teller


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
        quiet = (
            not happened.dead
            and not happened.hurt
            and not told
            and "violent" in happened.tags
            and happened.spec.key != "mob"
        )
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
        self.tell(self.tellers[0], 1 if brief else 3)
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
        self.draft.write("\n" if gap == "\n" else "")
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
