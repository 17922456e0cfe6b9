"""Which tactics are one kind of happening, and which kinds one happening can be at once: data/families.toml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

from tocsin.code.frames import Frame
from tocsin.errors import DataError
from tocsin.toml import read_toml


@dataclass(frozen=True, slots=True)
class Families:
    """`of` a tactic its family; `together` with a family those that may tell of the same happening."""

    of: dict[str, str]
    together: dict[str, frozenset[str]]


@cache
def families() -> Families:
    """The table; a family that has no line under [together] raises DataError."""
    path = resources.files(__package__).joinpath("data/families.toml")
    tables = read_toml(path)
    of = {tactic: name for name, tactics in tables["family"].items() for tactic in tactics}
    together = {name: frozenset(others) for name, others in tables["together"].items()}
    for name in {*tables["family"], *(other for others in together.values() for other in others)}:
        if name not in together or name not in tables["family"]:
            raise DataError(f"{path.name}: family {name!r} must stand under [family] and under [together]")
    return Families(of, together)


def family(frame: Frame) -> str:
    """The family of the word that reports it."""
    return families().of.get(frame.trigger.entry.tactic, "other")
