"""Unpack the gazetteer when a wheel or an editable install is built.

In:  data/gazetteer.sqlite.xz, as the repository keeps it.
Out: src/tocsin/locate/gazetteer.sqlite, which goes into the wheel.
"""

from __future__ import annotations

import lzma
import os
import shutil
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKED = Path("data/gazetteer.sqlite.xz")
UNPACKED = Path("src/tocsin/locate/gazetteer.sqlite")


class GazetteerHook(BuildHookInterface):  # type: ignore[type-arg]
    """hatchling calls this before it collects the files of a build."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        unpack(root / PACKED, root / UNPACKED)
        build_data["artifacts"].append(str(UNPACKED))


def unpack(packed: Path, out: Path) -> None:
    """Write the unpacked file under another name first, so that nobody reads half of it."""
    if out.exists() and out.stat().st_mtime >= packed.stat().st_mtime:
        return
    part = out.with_suffix(f".{os.getpid()}")
    with lzma.open(packed) as source, part.open("wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
    part.replace(out)
