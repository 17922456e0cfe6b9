"""The notation of templates.

In:  a line of a data file.
Out: a tree of nodes, which a Teller (`teller.py`) writes into a Draft.

    {army}              a slot: a fact of the event, or a bank of phrases of that name
    {a1:de}             a slot in a form: here after the preposition "de", contracted as the data say
    {a1#a|ont}          words that agree with a slot: singular|plural, or ms|fs|mp|fp
    (on|upon)           one of several wordings; (on|) may be left out; parentheses without a bar are text
    [attacked]          the trigger of the event
    <dead:five people>  a piece that states a field of the event or is of a status ("planned")
    ?dead,many text     a line that is used only if the event has both tags
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from tocsin.errors import DataError

OPEN = "[{<("
PAIRS = {"[": "]", "{": "}", "<": ">", "(": ")"}


@dataclass(frozen=True, slots=True)
class Slot:
    """`{name:form}`"""

    name: str
    form: str


@dataclass(frozen=True, slots=True)
class Agree:
    """`{name#forms}`: the forms are two (singular, plural) or four (ms, fs, mp, fp)."""

    name: str
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """`(one|other)`"""

    options: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """`[...]` or `<label:...>`"""

    label: str
    body: Tree


Node: TypeAlias = "str | Slot | Agree | Choice | Mark"
Tree: TypeAlias = tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One template: what an event must be like (`needs`), and the tree."""

    needs: frozenset[str]
    tree: Tree
    source: str
    slots: frozenset[str]


def line(text: str, where: str = "template") -> Line:
    """Read one template; a bracket that is not closed is a DataError."""
    needs, rest = frozenset[str](), text
    if rest.startswith("?"):
        words, _, rest = rest[1:].partition(" ")
        needs = frozenset(words.split(","))
    tree = parse(rest, where)
    return Line(needs, tree, rest, frozenset(_slots(tree)))


def parse(text: str, where: str = "template") -> Tree:
    """The tree of a piece of template text."""
    nodes: list[Node] = []
    at = 0
    while at < len(text):
        if text[at] in OPEN:
            end = _closing(text, at, where)
            nodes.extend(_bracket(text[at], text[at + 1 : end], where))
            at = end + 1
        else:
            end = min((spot for each in OPEN if (spot := text.find(each, at)) >= 0), default=len(text))
            if "|" in text[at:end]:
                raise DataError(f"{where}: found a bar outside parentheses in {text!r}, expected (one|other)")
            nodes.append(text[at:end])
            at = end
    return tuple(nodes)


def _closing(text: str, start: int, where: str) -> int:
    """Where the bracket that opens at `start` closes."""
    depth, opening, closing = 0, text[start], PAIRS[text[start]]
    for at in range(start, len(text)):
        depth += (text[at] == opening) - (text[at] == closing)
        if depth == 0:
            return at
    raise DataError(f"{where}: found {opening!r} that is not closed in {text!r}, expected {closing!r}")


def _bracket(kind: str, inner: str, where: str) -> list[Node]:
    if kind == "[":
        return [Mark("trigger", parse(inner, where))]
    if kind == "{":
        return [_slot(inner)]
    if kind == "<":
        label, _, body = inner.partition(":")
        return [Mark(label, parse(body, where))]
    options = _options(inner)
    if len(options) == 1:
        return ["(", *parse(inner, where), ")"]
    return [Choice(tuple(parse(option, where) for option in options))]


def _slot(inner: str) -> Node:
    if "#" in inner:
        name, _, forms = inner.partition("#")
        return Agree(name, tuple(forms.split("|")))
    name, _, form = inner.partition(":")
    return Slot(name, form)


def _options(inner: str) -> list[str]:
    """Split at the bars that lie in no inner bracket."""
    parts, depth, last = [], 0, 0
    for at, char in enumerate(inner):
        depth += (char in OPEN) - (char in PAIRS.values())
        if char == "|" and depth == 0:
            parts.append(inner[last:at])
            last = at + 1
    return [*parts, inner[last:]]


def _slots(tree: Tree) -> list[str]:
    """All slots that a tree may fill."""
    found: list[str] = []
    for node in tree:
        if isinstance(node, Slot):
            found.append(node.name)
        elif isinstance(node, Mark):
            found += [*_slots(node.body), "<" + node.label]
        elif isinstance(node, Choice):
            for option in node.options:
                found += _slots(option)
    return found
