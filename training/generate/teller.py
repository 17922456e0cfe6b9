"""Write templates into a draft: fill the slots, mark the pieces, make words agree.

In:  a Scene, an Event or none, a Draft, a random generator.
Out: text in the draft, with marks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from random import Random

from training.generate.draft import Draft
from training.generate.facts import Event
from training.generate.grammar import Agree, Choice, Line, Mark, Node, Slot, Tree
from training.generate.nouns import Nouns
from training.generate.scene import Scene

STATUSES = (
    "threatened planned denied background generic cumulative statement not_political hypothetical".split()  # noqa: SIM905
)
GENDERS = ("ms", "fs", "mp", "fp")
SIDES = frozenset({"a2", "a2o", "a2p", "target", "moving"})
DEAD = frozenset({"killed", "nc", "nwords", "ndigits"})
HURT = frozenset({"hurt", "hurtp", "nh", "nhc"})


class Teller:
    """Tells about one event, or (without one) whatever else a report says."""

    def __init__(
        self, scene: Scene, draft: Draft, rng: Random, event: Event | None = None, owner: int | None = None
    ) -> None:
        self.scene, self.draft, self.rng, self.event, self.owner = scene, draft, rng, event, owner
        self.language = scene.language
        self.day = event.day if event else scene.published - timedelta(days=rng.randrange(1, 6))
        self.rank = 0
        self.agreement: dict[str, str] = {}
        self.given: set[str] = set()  # "when", "where": already told
        self.inside: list[str] = []  # labels of the marks that are open
        self.nouns = Nouns(self)
        self.town = scene.town(rng)  # the one that is named mostly

    # -- templates

    def say(self, tree: Tree) -> None:
        """Write a tree of nodes."""
        for node in tree:
            self._node(node)

    def _node(self, node: Node) -> None:
        if isinstance(node, str):
            self.draft.write(node)
        elif isinstance(node, Slot):
            self.slot(node.name, node.form)
        elif isinstance(node, Agree):
            self.draft.write(self._form(node))
        elif isinstance(node, Choice):
            self.say(self.rng.choice(node.options))
        elif isinstance(node, Mark):
            with self.mark(node.label, self.rank):
                self.say(node.body)

    @contextmanager
    def mark(self, label: str, rank: int = 0) -> Iterator[None]:
        """Mark what is written inside as a field of the event, or as of a status."""
        owner = None if label in STATUSES else self.owner
        self.inside.append(label)
        with self.draft.mark(owner, label, rank):
            yield
        self.inside.pop()
        if self.event:
            self.event.told.add(label)

    def _form(self, node: Agree) -> str:
        agreement = self.agreement.get(node.name) or self.nouns.foresee(node.name)
        if len(node.forms) == 2:
            return node.forms[agreement[-1] == "p"]
        return node.forms[GENDERS.index(agreement) if agreement in GENDERS else 2 * (agreement == "p")]

    def slot(self, name: str, form: str) -> None:
        """Fill a slot: a fact of the event, a word of the scene, or a phrase of the bank of that name."""
        handler: Callable[[str], None] | None = getattr(self.nouns, f"say_{name}", None)
        if handler is None:
            self.phrase(name)
        else:
            handler(form)

    def phrase(self, name: str) -> None:
        """One phrase of a bank."""
        self.say(self.pick(self.language.phrases[name]).tree)

    def pick(self, lines: Iterable[Line]) -> Line:
        """One of the lines that the event allows; any if it allows none."""
        known = tuple(lines)
        return self.rng.choice([each for each in known if self.allows(each)] or known)

    def allows(self, line: Line) -> bool:
        """Whether the facts are there that the line tells."""
        tags = self.event.tags if self.event else frozenset()
        if not line.needs <= tags:
            return False
        if self.event and not self._borne_out(line, self.event):
            return False
        return not ("admin1" in line.slots and not self.nouns.admin_sayable)

    def _borne_out(self, line: Line, event: Event) -> bool:
        """Whether the event has the sides, dead and wounded of which the line speaks."""
        lacks_side = event.a2 is None and SIDES & line.slots
        lacks_dead = event.dead < 1 + ("ndigits" in line.slots) and DEAD & line.slots
        return not (lacks_side or lacks_dead or (not event.hurt and HURT & line.slots))

    def text(self, tree: Tree) -> str:
        """What a tree would write, as a string without marks, as if inside a sentence."""
        outer, self.draft = self.draft, Draft("x")
        self.say(tree)
        inner, self.draft = self.draft, outer
        return inner.raw()

    # -- the event

    def core(self, *, fronted: bool = False) -> None:
        """The sentence that reports the event, without its full stop."""
        assert self.event is not None
        line = self.pick(self.language.telling[self.event.spec.key].core)
        if fronted and self.draft.starts and "when" not in self.given and {"wp", "when"} & line.slots:
            self.slot("when", "")
            self.draft.write(", ")
            self.given.add("when")
        with self.mark("evidence"):
            self.say(line.tree)
        self.rank = 1
        self.given |= {"when", "where"}

    @property
    def past(self) -> date:
        """A day of some earlier year."""
        return self.scene.published - timedelta(days=self.rng.randrange(500, 7000))
