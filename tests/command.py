"""Typing commands in tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import tocsin

EXAMPLES = Path(tocsin.__file__).with_name("examples")
SOURCE = Path(tocsin.__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(SOURCE), "COLUMNS": "100", "TOCSIN_PLACES": ""}
ATTACK = "Gunmen killed three farmers in the village of Dano in Burkina Faso on Monday, residents said."


@dataclass(frozen=True)
class Result:
    """Exit code, standard output, standard error."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]


def process(*arguments: str, **how: object) -> subprocess.Popen[str]:
    """The command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tocsin", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
        **how,  # type: ignore[call-overload]
    )
