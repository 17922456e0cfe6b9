"""What happens: the events of a report, drawn at random but coded by the rules of the codebook.

In:  a type, a country, the day of publication, a random generator.
Out: `Event`s: facts, and the tags that templates ask for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from training.generate.parties import Party, party
from training.generate.places import Spot, spot
from training.generate.tables import Spec

SITES = ("retake", "overtake", "transfer")  # types that happen to a place: it is named
URBAN = ("base", "peaceful", "intervention", "excessive", "arrests", "agreement")
UNARMED = ("civilians", "women", "notable")
HIDDEN = ("rebels", "unknown", "communal", "gang")  # sides that a coder cannot know if the report does not say
VIOLENT = ("Battles", "Explosions/Remote violence", "Violence against civilians", "Riots")
WEEK = 7


@dataclass(slots=True)
class Event:
    """The facts of one event. `dead`, `hurt`, `taken`: people; `vague`: the word that stands for the dead, or ""."""

    spec: Spec
    iso3: str
    day: date
    published: date
    when: str  # kind of time expression
    spot: Spot
    a1: Party
    a2: Party | None
    dead: int
    vague: str
    hurt: int
    taken: int
    bombers: int
    tags: frozenset[str]
    more: int = 0  # a higher toll that somebody gives
    less: int = 0  # an earlier toll
    told: set[str] = field(default_factory=set)

    @property
    def fatalities(self) -> int:
        """ACLED's number: what the report tells; a suicide bomber is counted."""
        told = self.dead if "dead" in self.told else 0
        return told + (self.bombers if self.spec.key == "suicide" else 0)

    @property
    def targets_civilians(self) -> bool:
        unarmed = self.a2 is not None and self.a2.kind in UNARMED
        violent = self.spec.event in ("Violence against civilians", "Explosions/Remote violence", "Riots")
        return (unarmed and violent) or self.spec.key == "excessive"


def event(spec: Spec, iso3: str, published: date, rng: Random, *, recent: bool) -> Event:
    """Draw an event; `recent`: within the week before publication, on a day that is told."""
    when, day = _when(published, rng, recent)
    where = spot(iso3, _place_kind(spec, rng), rng)
    a1, a2 = _sides(spec, iso3, day, where.site.admin1, rng)
    if spec.key == "other" and a1.kind == "army":  # a coup
        where = spot(iso3, "capital", rng)
    dead, vague = _deaths(spec, rng)
    hurt = rng.choice((2, 2, 3, 3, 4, 5, 6, 8, 9, 11, 14, 17, 23)) if rng.random() < spec.hurt else 0
    if spec.key == "excessive" and not dead:
        hurt = hurt or rng.randint(2, 9)
    taken = rng.choice((1, 1, 2, 3, 4, 5, 6, 8, 11, 15, 20, 30))
    bombers = 2 if rng.random() < 0.1 else 1
    made = Event(spec, iso3, day, published, when, where, a1, a2, dead, vague, hurt, taken, bombers, frozenset())
    made.tags = _tags(made)
    return made


def _when(published: date, rng: Random, recent: bool) -> tuple[str, date]:
    """A kind of time expression, and the day that a coder would give for it."""
    draw = rng.random()
    if recent or draw < 0.88:
        day = published - timedelta(days=rng.choice((0, 1, 1, 1, 2, 2, 3, 4, 5)))
        kinds = {0: "today", 1: "yesterday"}
        kind = (
            kinds.get((published - day).days, "day")
            if rng.random() < 0.35
            else rng.choice(("day", "day", "day", "date", "night"))
        )
        return kind, day
    monday = published - timedelta(days=published.weekday())
    if draw < 0.92:
        return "week", monday - timedelta(days=5)
    if draw < 0.95:
        return "weekend", monday - timedelta(days=2)
    before = published.replace(day=1) - timedelta(days=1)
    return "month", before.replace(day=15)


def _place_kind(spec: Spec, rng: Random) -> str:
    if spec.key in SITES:
        return rng.choice(("town", "village"))
    if spec.key in URBAN:
        return rng.choice(("town", "town", "town", "capital", "village", "near"))
    return rng.choice(("town", "town", "village", "village", "near", "near", "capital", "admin"))


def _sides(spec: Spec, iso3: str, day: date, admin1: str, rng: Random) -> tuple[Party, Party | None]:
    """Two sides that are not the same actor."""
    weights = [weight for _, _, weight in spec.sides]
    for _ in range(8):
        first, second, _ = rng.choices(spec.sides, weights)[0]
        a1, a2 = party(first, iso3, day, admin1, rng), party(second, iso3, day, admin1, rng)
        if a1 is not None and (a2 is None or a2.name != a1.name or a1.inter == "Rioters"):
            return a1, a2
    raise ValueError(f"no two sides for {spec.sub} in {iso3}")


def _deaths(spec: Spec, rng: Random) -> tuple[int, str]:
    """How many die, and the vague word that tells it."""
    if rng.random() >= spec.dead:
        return 0, ""
    draw = rng.random()
    if draw < 0.05:
        return spec.vague, f"vague{spec.vague}"
    if draw < 0.07 and spec.many > 12:
        return 12, "dozens"
    return min(spec.many, max(1, round(spec.many ** rng.random()))), ""


def _mood(spec: Spec) -> str:
    """Which later sentences suit the type."""
    if spec.key in ("abduction", "sexual", "mob"):
        return spec.key
    if spec.key == "excessive" or spec.event in VIOLENT:
        return "violent"
    return "march" if spec.key == "peaceful" else "strategic"


def _tags(made: Event) -> frozenset[str]:
    tags = {"dead" if made.dead else "nodead", "one" if made.dead == 1 else "many", f"a1={made.a1.kind}"}
    tags.add("two" if made.bombers == 2 else "single")
    tags |= {"outlaw" if made.a1.kind in HIDDEN else "lawful"}
    tags |= {"hurt"} if made.hurt else set()
    tags |= {"named"} if made.a1.names else set()
    tags |= {"a2", f"a2={made.a2.kind}"} if made.a2 else {"alone"}
    tags.add(_mood(made.spec))
    tags |= {"fresh"} if (made.published - made.day).days < WEEK and made.when in ("day", "night", "date") else set()
    return frozenset(tags | {made.spec.key})
