"""Build whole reports: briefs, news, features, round-ups, and reports without any event.

In:  the data files, a seed, how many reports.
Out: `Made` reports: the text with its marks, the title, the facts of its events.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from training.generate.draft import Draft
from training.generate.facts import Event, event
from training.generate.grammar import Tree
from training.generate.parties import by_region
from training.generate.scene import Scene, scene
from training.generate.tables import Spec, lands, language, types
from training.generate.teller import Teller
from training.generate.write import Made, Writer

FORMS = {"none": 20, "brief": 22, "news": 32, "feature": 12, "roundup": 14}
LATEST = date(2026, 6, 30)


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
        form = self.rng.choices(list(FORMS), list(FORMS.values()))[0]
        iso3 = self._country()
        stage = scene(language(lang), iso3, self._published(iso3))
        made = Made(stage, form, Teller(stage, Draft(), self.rng).text(self._line(stage, "outlets")))
        self._events(made)
        draft = Draft()
        Writer(made, draft, self.rng).write()
        made.text, made.marks = draft.finish(), draft.marks
        return made

    def _line(self, stage: Scene, bank: str) -> Tree:
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
        number = {"none": 0, "brief": 1, "news": self.rng.choice((1, 1, 2, 2, 3)), "feature": self.rng.randint(2, 5)}
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
