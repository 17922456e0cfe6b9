"""How many died in one event, by ACLED's rules.

In:  the `Count`s of the event, and what kind of event it is: "battle", "air_strike", "shelling", "massacre", ...
Out: a `Toll`: the figure coded, its range, the rule that decided and the words it rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any

from tocsin.errors import DataError
from tocsin.model import Count, Number, Span
from tocsin.toml import read_toml

WIDENS_ONLY = ("superseded", "disputed")  # figures that the report itself takes back


@dataclass(frozen=True, slots=True)
class Toll:
    """The dead of one event. `vague`: the codebook's default for an unknown number was used."""

    best: int
    low: int
    high: int
    rule: str
    spans: tuple[Span, ...] = ()
    note: str = ""
    vague: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of dead, after the codebook's rules for words."""

    best: int
    low: int
    high: int
    rule: str
    count: Count


def fatalities(counts: Sequence[Count], context: frozenset[str]) -> Toll:
    """The dead of all sides together, each counted once."""
    dead = [c for c in counts if c.kind == "killed" and not c.cumulative]
    stated = [_figure(c, context) for c in dead if c.number.rule != "none" and c.rule != "part-of"]
    stated = [f for f in stated if f.count.number.best is not None or _counted_with(f)] or stated
    parts = [_figure(c, context) for c in dead if c.rule == "part-of"]
    if not stated:
        return _nobody(counts)
    used, rule = _used(stated)
    chosen, rule = _added(used, rule, parts)
    return _toll(chosen, rule, stated)


def _counted_with(figure: Figure) -> bool:
    """ "Three soldiers and an unknown number of rebels" adds to them; "soldiers were killed" tells the figure again."""
    return figure.count.rule.endswith(".and") and _form(figure) == "number"


def _nobody(counts: Sequence[Count]) -> Toll:
    none = [c for c in counts if c.number.rule == "none" and c.kind in ("killed", "injured")]
    rule = "fatalities.none" if none else "fatalities.not-stated"
    return Toll(0, 0, 0, rule, tuple(c.span for c in none), _rules()["notes"][rule])


def _figure(count: Count, context: frozenset[str]) -> Figure:
    """The value of one count: vague words and bounds resolved."""
    number, rules = count.number, _rules()
    if number.best is None:
        large = bool(context & set(rules["vague"]["contexts"]))
        value = rules["vague"]["large" if large else "small"]
        value = min(value, number.high) if number.high else value
        rule = "fatalities.up-to" if number.rule == "up_to" else f"fatalities.vague-{value}"
        return Figure(value, number.low, number.high or value, rule, count)
    if number.rule in rules["words"]:
        value = rules["words"][number.rule]
        return Figure(value, value, value, "fatalities.vague-word", count)
    return Figure(number.best, number.low, number.high or number.best, _rule(number), count)


def _rule(number: Number) -> str:
    return {"at_least": "fatalities.at-least", "about": "fatalities.about", "range": "fatalities.range"}.get(
        number.rule, "fatalities.exact"
    )


def _used(figures: list[Figure]) -> tuple[list[Figure], str]:
    """The figures to build on: boasts and what is taken back only if there is nothing better; then revisions."""
    sound = [f for f in figures if f.count.rule not in WIDENS_ONLY]
    if not sound:
        return figures[:1], "fatalities.superseded"
    joined = {one.count for one, other in pairwise(sound) if other.count.rule.endswith(".and")}
    firm = [f for f in sound if _form(f) != "pronoun" or f.count in joined] or sound[:1]
    known = [f for f in firm if f.count.said_by != "perpetrator"]
    if not known:
        return firm, "fatalities.boast"
    sides = {f.count.side for f in known}
    admitted = [f for f in firm if f not in known and f.count.side == "attackers"]
    kept = known + [f for f in admitted if f.count.side not in sides or f.count.rule.startswith("lose.")]
    return _revised(kept)


def _revised(figures: list[Figure]) -> tuple[list[Figure], str]:
    """A revised figure replaces the others of its side; a general one replaces all."""
    revisions = [f for f in figures if f.count.revision]
    if not revisions:
        return figures, ""
    latest = revisions[0]
    side = latest.count.side
    kept = (
        []
        if side in (None, "civilians")
        else [f for f in figures if f.count.side not in (side, None) and not f.count.revision]
    )
    return [latest, *kept], "fatalities.revised"


def _added(figures: list[Figure], rule: str, parts: list[Figure]) -> tuple[list[Figure], str]:
    """One figure for each side; a total that covers its parts stands alone; a bomber is counted too."""
    bombers = _bombers(figures, parts)
    others = _one_side(_without_list([f for f in figures if not _is_bomber(f)]))
    sides = {
        side: _one_account([f for f in others if f.count.side == side])
        for side in (None, "civilians", "state", "attackers")
    }
    total, sided = sides[None], [f for side in ("civilians", "state", "attackers") for f in sides[side]]
    if total and sided and _sum(total) >= _sum(sided):
        return total + bombers, rule or "fatalities.total"
    if total and sided and _told_again(total, sided):
        return sided + bombers, rule or ("fatalities.sum" if len(sided) > 1 else "")
    return sorted(total + sided, key=lambda f: f.count.span) + bombers, rule


def _one_side(figures: list[Figure]) -> list[Figure]:
    """ "Three vendors and a boy": people of no side, joined to others by "and", are theirs."""
    ranked = sorted(figures, key=lambda f: f.count.span)
    for n, (one, other) in enumerate(pairwise(ranked)):
        sides = {one.count.side, other.count.side} - {None}
        if other.count.rule.endswith(".and") and len(sides) == 1:
            side = sides.pop()
            ranked[n : n + 2] = [replace(f, count=replace(f.count, side=side)) for f in (one, other)]
    return ranked


def _without_list(figures: list[Figure]) -> list[Figure]:
    """ "Twelve dead, nine soldiers and three civilians": a list that adds up to the figure before it is that figure."""
    ranked = sorted(figures, key=lambda f: f.count.span)
    kept: list[Figure] = []
    while ranked:
        first, *ranked = ranked
        kept.append(first)
        listed = [f for n, f in enumerate(ranked) if all(g.count.rule.endswith(".and") for g in ranked[: n + 1])]
        if len(listed) > 1 and _sum(listed) == first.best:
            ranked = ranked[len(listed) :]
    return kept


def _told_again(total: list[Figure], sided: list[Figure]) -> bool:
    """A smaller general figure that comes later, or equals one side, speaks of dead already counted."""
    later = all(
        f.count.rule.startswith("dead.") and any(s.count.span < f.count.span and s.best >= f.best for s in sided)
        for f in total
    )
    joined = any(f.count.rule.endswith(".and") for f in total)
    return not joined and (later or any(f.best == _sum(total) for f in sided))


def _is_bomber(figure: Figure) -> bool:
    return figure.count.rule.startswith("bomber.")


def _bombers(figures: list[Figure], parts: list[Figure]) -> list[Figure]:
    """Suicide bombers, once; none if the report says that the figure includes them."""
    found = [f for f in figures if _is_bomber(f)]
    if not found or any(f.count.side == "attackers" for f in parts):
        return []
    return [max(found, key=lambda f: (f.best, -f.count.span.start))]


def _one_account(figures: list[Figure]) -> list[Figure]:
    """The figures of one side that add up: those of the account with the lowest sum."""
    accounts: list[list[Figure]] = []
    for figure in sorted(figures, key=lambda f: f.count.span):
        if accounts and any(_same(figure, known) for account in accounts for known in account):
            continue
        if accounts and _one_breath(accounts[-1][-1], figure):
            accounts[-1].append(figure)
        else:
            accounts.append([figure])
    if not accounts:
        return []
    numbered = [a for a in accounts if any(f.count.number.rule not in ("singular", "several") for f in a)]
    return min(_side_by_side(numbered), key=_sum) if numbered else _singles(accounts)


def _side_by_side(accounts: list[list[Figure]]) -> list[list[Figure]]:
    """The first account and those right after it; what comes much later mostly is a part or a repetition."""
    end = accounts[0][-1].count.span.end + _rules()["near"]["characters"]
    return [a for a in accounts if a[0].count.span.start <= end or a[0].count.rule.startswith("lose.")]


def _singles(accounts: list[list[Figure]]) -> list[Figure]:
    """Only single people and unknown plurals are named: the first account."""
    plural = next((a for a in accounts if any(f.count.number.rule == "several" for f in a)), None)
    return plural or accounts[0]


def _same(one: Figure, other: Figure) -> bool:
    """The same dead once more: an equal number, or again one soldier, one attacker."""
    single = "singular" in (one.count.number.rule, other.count.number.rule)
    told = not single or one.count.side in ("state", "attackers")
    return one.best == other.best and told and not one.count.rule.endswith(".and")


def _one_breath(one: Figure, other: Figure) -> bool:
    if other.count.rule.endswith(".and"):
        return True
    if other.count.rule.startswith(("again.", "risen.")):
        return False  # a bare figure is another account of the dead told before
    if None not in (one.count.said_by, other.count.said_by) and one.count.said_by != other.count.said_by:
        return False  # two accounts of the same dead
    near = other.count.span.start - one.count.span.end <= _rules()["near"]["characters"]
    general = one.count.side is None and "singular" not in (one.count.number.rule, other.count.number.rule)
    return near and not general and _form(other) != "definite"


def _form(figure: Figure) -> str:
    """How the people are named: "number", "singular", "definite", ..."""
    return figure.count.rule.split(".")[1] if "." in figure.count.rule else ""


def _sum(figures: Iterable[Figure]) -> int:
    return sum(f.best for f in figures)


def _toll(chosen: list[Figure], rule: str, stated: list[Figure]) -> Toll:
    best = _sum(chosen)
    rule = rule or (chosen[0].rule if len(chosen) == 1 else "fatalities.sum")
    vague = any(".vague-" in f.rule or f.rule == "fatalities.up-to" for f in chosen)
    low = min(best, sum(f.low for f in chosen))
    high = max([best, sum(f.high for f in chosen), *(f.high for f in stated)])
    return Toll(best, low, high, rule, tuple(f.count.span for f in chosen), _rules()["notes"].get(rule, ""), vague)


def split(total: int, parts: int) -> list[int]:
    """One sum for several days or places: evenly, what is left over to the first ones."""
    each, left = divmod(total, parts)
    return [each + (n < left) for n in range(parts)]


@cache
def _rules() -> dict[str, Any]:
    path = resources.files(__package__).joinpath("data/fatalities.toml")
    data = read_toml(path)
    for table in ("vague", "words", "near", "notes"):
        if table not in data:
            raise DataError(f"{path}:1: found no table [{table}], expected vague, words, near and notes")
    return data
