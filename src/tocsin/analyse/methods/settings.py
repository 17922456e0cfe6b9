"""Thresholds and names that a researcher may correct, as values.

In:  a TOML file in data/ of plain keys, and a dataclass that says which keys it has and of which types.
Out: the dataclass; a key that is missing, unknown or of another type raises DataError with file and line.
"""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from tocsin.errors import DataError
from tocsin.toml import line_of, parse_toml

DATA = Path(__file__).parents[1] / "data"
T = TypeVar("T")


def settings(kind: type[T], path: Path) -> T:
    """What the file says, read once. `kind`: a dataclass of int, float, str and tuples of them."""
    found: T = _read(kind, path)  # type: ignore[arg-type]
    return found


@cache
def _read(kind: Any, path: Path) -> Any:
    text = path.read_text(encoding="utf-8")
    given, types = parse_toml(text, str(path)), get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    if unknown := [name for name in given if name not in types]:
        raise DataError(f"{path}:{line_of(text, unknown[0])}: found {unknown[0]!r}, expected one of {', '.join(names)}")
    if missing := [name for name in names if name not in given]:
        raise DataError(f"{path}:1: found no {missing[0]!r}, expected {missing[0]} = ...")
    return kind(**{name: _value(given[name], types[name], f"{path}:{line_of(text, name)}", name) for name in names})


def _value(found: Any, kind: Any, where: str, name: str) -> Any:
    inner = get_args(kind)[0] if get_origin(kind) is tuple else kind
    many = found if inner is not kind and isinstance(found, list) else [found]
    allowed = (int, float) if inner is float else (inner,)
    if isinstance(found, list) != (inner is not kind) or any(type(each) not in allowed for each in many):
        raise DataError(f"{where}: found {name} = {found!r}, expected {'a list of ' * (inner is not kind)}"
                        f"{inner.__name__}")  # fmt: skip
    return tuple(inner(each) for each in many) if inner is not kind else inner(found)
