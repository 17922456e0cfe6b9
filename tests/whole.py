"""The whole coder for tests: tools loaded once, reports from files, values as JSON has them."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from tocsin.code import Tools, claims_in
from tocsin.code.found import RULES
from tocsin.model import Claim, Coded, Report, Value

PUBLISHED = date(2024, 5, 15)  # a Wednesday


@cache
def tools() -> Tools:
    """With the rules alone: what the tables of words are tested with."""
    return Tools.load(finder=RULES)


@cache
def best() -> Tools:
    """As people get it: rules and model together."""
    return Tools.load()


def report_of(path: Path) -> Report:
    facts = json.loads(path.read_text(encoding="utf-8"))
    return Report(**{**facts, "published": date.fromisoformat(facts["published"])})


def code(text: str, lang: str = "en", **facts: Any) -> Coded:
    """One text, published on Wednesday 15 May 2024 unless told otherwise."""
    return claims_in(Report(**{"id": "r", "text": text, "published": PUBLISHED, "lang": lang, **facts}), tools())


def values(claim: Claim) -> dict[str, Value[Any]]:
    """All coded values of a claim by name."""
    found = {each.name: getattr(claim, each.name) for each in fields(Claim)}
    return {name: value for name, value in found.items() if isinstance(value, Value)}


def as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
