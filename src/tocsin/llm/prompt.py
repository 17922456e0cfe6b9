"""What a language model is asked: the codebook's own definitions, a part of a report, the form of the answer.

In:  a Report, a Part of it, the Settings.
Out: a `Request`: messages, JSON schema, and a key that is the same for the same question only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib import resources
from typing import Any

from tocsin.codebook import taxonomy, vocabulary
from tocsin.errors import DataError
from tocsin.llm.orders import orders
from tocsin.llm.parts import Part
from tocsin.llm.settings import Settings, tokens
from tocsin.model import Report, Status
from tocsin.toml import read_toml

HEADINGS = ("sub_event_types", "tactics", "sides", "facts", "status", "fields", "example")
TEXT = {"type": "string"}
MAYBE = {"type": ["string", "null"]}


@dataclass(frozen=True, slots=True)
class Request:
    """One question to a model."""

    system: str
    user: str
    key: str

    @property
    def messages(self) -> list[dict[str, str]]:
        return [{"role": "system", "content": self.system}, {"role": "user", "content": self.user}]

    @property
    def tokens(self) -> int:
        """About how many tokens are sent."""
        return tokens(self.system) + tokens(self.user)


def request(report: Report, part: Part, settings: Settings) -> Request:
    """The question about one part of a report."""
    shown = part.of(report.text)
    mark = _digest(shown)[:12]  # nobody who writes a text knows the mark that will end it
    title = f"Title: {' '.join(report.title.split())}\n" if report.title and not orders(report.title) else ""
    day = f"Published: {report.published.isoformat()}\n" if report.published else ""
    told = f"{title}{day}The text stands between the two marks {mark}.\n{mark}\n{shown}\n{mark}"
    user = told.encode("utf-8", "replace").decode("utf-8")  # half a character cannot be sent
    return Request(system(), user, _digest(settings.model, str(settings.answer), system(), user, json.dumps(schema())))


def _digest(*texts: str) -> str:
    return blake2b("\0".join(texts).encode("utf-8", "backslashreplace"), digest_size=20).hexdigest()


@cache
def _words() -> dict[str, Any]:
    """data/prompt.toml, checked: every status and field has a meaning, every part its heading."""
    path = resources.files(__package__).joinpath("data/prompt.toml")
    table = read_toml(path)
    wanted = {"headings": set(HEADINGS), "status": {status.value for status in Status}, "fields": set(_event())}
    for name, keys in wanted.items():
        if set(table.get(name, {})) != keys:
            raise DataError(f"{path}:1: found [{name}] with other keys, expected {', '.join(sorted(keys))}")
    return table


@cache
def sides() -> Mapping[str, tuple[str, str]]:
    """data/sides.toml: each side that a model may name with the kind and key of an actor without a name."""
    path = resources.files(__package__).joinpath("data/sides.toml")
    table = read_toml(path)["side"]
    if unknown := set(table) - set(vocabulary().sides):
        raise DataError(f"{path}:1: found side {min(unknown)!r}, expected one of {', '.join(vocabulary().sides)}")
    return {side: (kind, key) for side, (kind, key) in table.items()}


@cache
def system() -> str:
    """What holds for every report; it is the same for all, so that servers can keep it."""
    words, known = _words(), vocabulary()
    meanings = {
        "sub_event_types": {name: kind.definition for name, kind in taxonomy().sub_event_types.items()},
        "tactics": {name: tactic.meaning for name, tactic in known.tactics.items()},
        "sides": {name: known.sides[name] for name in sides()},
        "facts": known.facts,
        "status": words["status"],
        "fields": words["fields"],
    }
    lists = [f"## {words['headings'][name]}\n{_listed(rows)}" for name, rows in meanings.items()]
    example = words["example"]
    shown = f"## {words['headings']['example']}\n{example['text'].strip()}\n\n{example['answer'].strip()}"
    return "\n\n".join([words["task"].strip(), *lists, shown])


def _listed(rows: Mapping[str, str]) -> str:
    return "\n".join(f"* {name}: {meaning}" for name, meaning in rows.items())


@cache
def schema() -> dict[str, Any]:
    """The form of the answer as a JSON schema; only what every server knows is used."""
    return _object({"events": _list(_object(_event()))})


def _event() -> dict[str, Any]:
    return {
        "status": _choice(status.value for status in Status),
        "sub_event_type": _choice(taxonomy().sub_event_types),
        "what": _list(_quoted("tactic", vocabulary().tactics)),
        "agents": _list(_quoted("side", sides())),
        "targets": _list(_quoted("side", sides())),
        "places": _list(TEXT),
        "date": MAYBE,
        "killed": _list(TEXT),
        "injured": _list(TEXT),
        "weapon": MAYBE,
        "facts": _list(_quoted("fact", vocabulary().facts)),
    }


def _quoted(name: str, values: Any) -> dict[str, Any]:
    return _object({"quote": TEXT, name: _choice(values)})


def _choice(values: Any) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
