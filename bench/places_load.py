"""How fast a GeoNames dump is loaded, and how fast places are then looked up.

In:  `python -m bench.places_load [--rows 2000000] [--folder FOLDER] [--keep]`; the dump is made up, in GeoNames' form.
Out: rows/s by the clock and by the CPU time of the process, peak memory, size of the file; look-ups by name, by sound
     and near a point: median and 99th percentile in ms, each name and point asked once.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from time import perf_counter, process_time

from tocsin.locate.gazetteer import shipped
from tocsin.locate.geonames import CLASSES, Wanted
from tocsin.locate.joined import Joined
from tocsin.locate.load import load

# Shares of feature classes in allCountries, roughly; two of five rows have other names, as there.
FEATURES = ((40, "P", "PPL"), (4, "A", "ADM4"), (18, "H", "STM"), (4, "H", "LK"), (13, "T", "MT"), (16, "S", "SCH"),
            (2, "L", "LCTY"), (1, "S", "HTL"), (1, "V", "FRST"), (1, "R", "RD"))  # fmt: skip
COUNTRIES = (("CN", 30, 103, 8), ("IN", 22, 79, 7), ("US", 39, -95, 9), ("MX", 23, -102, 6), ("ID", -3, 115, 8),
             ("ML", 14, -4, 4), ("NG", 9, 8, 4), ("CD", -3, 23, 7), ("RU", 56, 45, 9), ("IR", 33, 54, 6),
             ("AF", 34, 66, 4), ("PK", 30, 70, 5), ("ET", 9, 39, 4), ("SD", 14, 30, 5), ("YE", 15, 47, 3))  # fmt: skip
SYLLABLES = (
    "ba",
    "bo",
    "di",
    "dou",
    "fa",
    "goun",
    "ka",
    "kou",
    "la",
    "ma",
    "na",
    "ni",
    "sa",
    "sé",
    "té",
    "to",
    "wa",
    "zan",
)
COMMON = ("San José", "Santa Rosa", "Ivanovka", "Hoseynābād", "Tanjung", "Kampung Baru", "El Carmen", "La Esperanza")


def dump(rows: int, seed: int = 1) -> Iterator[str]:
    """Lines in GeoNames' form, by ascending id; one name in a hundred is a very common one."""
    chance = Random(seed)
    kinds = [(group, code) for share, group, code in FEATURES for _ in range(share)]
    for number in range(rows):
        group, code = chance.choice(kinds)
        iso, lat, lon, wide = chance.choice(COUNTRIES)
        name = chance.choice(COMMON) if chance.random() < 0.01 else called(chance)
        plain = name.replace("é", "e").replace("ā", "a")
        names = ",".join(called(chance) for _ in range(chance.randint(1, 5))) if chance.random() < 0.4 else ""
        people = int(10 ** chance.uniform(2, 6)) if group == "P" and chance.random() < 0.1 else 0
        yield (
            f"{20_000_000 + number}\t{name}\t{plain}\t{names}\t{chance.gauss(lat, wide / 2):.5f}\t"
            f"{chance.gauss(lon, wide / 2):.5f}\t{group}\t{code}\t{iso}\t\t{chance.randint(1, 30):02d}\t"
            f"{chance.randint(1, 200)}\t\t\t{people}\t\t200\tEtc/UTC\t2024-01-01\n"
        )


def called(chance: Random) -> str:
    word = "".join(chance.choices(SYLLABLES, k=chance.randint(2, 5))).capitalize()
    return f"{word} {chance.choice(SYLLABLES).capitalize()}" if chance.random() < 0.3 else word


def write(path: Path, rows: int) -> None:
    archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with archive, archive.open("allCountries.txt", "w", force_zip64=True) as file:
        for line in dump(rows):
            file.write(line.encode())


def timed(ask: Callable[..., object], asked: Sequence[tuple[object, ...]]) -> str:
    """Median and 99th percentile of the calls, of CPU time and by the clock."""
    spent, clock = list[float](), list[float]()
    for values in asked:
        begun, tick = process_time(), perf_counter()
        ask(*values)
        clock.append((perf_counter() - tick) * 1000)
        spent.append((process_time() - begun) * 1000)
    return "   ".join(f"{sorted(s)[len(s) // 2]:.3f} / {sorted(s)[int(len(s) * 0.99)]:.3f}" for s in (spent, clock))


def look_up(path: Path, number: int = 5000) -> None:
    """Print how long look-ups take."""
    chance, places = Random(2), Joined(shipped(), path)
    names = list(dict.fromkeys(called(chance) for _ in range(number)))
    points = [(chance.gauss(lat, wide / 2), chance.gauss(lon, wide / 2))
              for _, lat, lon, wide in chance.choices(COUNTRIES, k=number)]  # fmt: skip
    real = [(row[0],) for row in places._db.execute("SELECT name FROM main.places ORDER BY population DESC LIMIT 5000")]
    print("look-ups, ms: median / 99th percentile of CPU time, then by the clock")
    print("  made-up name      ", timed(places._named, [(name,) for name in names]))
    print("  name of a town    ", timed(places._named, real))
    print("  very common name  ", timed(places._named, [(name,) for name in COMMON]))
    print("  sound             ", timed(places.sounding, [(name,) for name in names[:1000]]))
    print("  nearest town      ", timed(places.nearest, points[:1000]))
    print("  within 20 km      ", timed(lambda lat, lon: places.around(lat, lon, 20.0), points[:200]))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.places_load", description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--folder", type=Path, help="where the files are made; left out, a temporary one")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        source, into = Path(name) / "allCountries.zip", Path(name) / "places.sqlite"
        write(source, given.rows)
        clock, cpu = perf_counter(), process_time()
        done = load([source], into, Wanted(classes=frozenset(CLASSES)))
        clock, cpu = perf_counter() - clock, process_time() - cpu
        print(f"{done.places} rows in {clock:.0f} s ({done.places / clock:.0f}/s), {cpu:.0f} s of CPU "
              f"({done.places / cpu:.0f}/s); 13 million in {13e6 / done.places * clock:.0f} s, "
              f"{13e6 / done.places * cpu:.0f} s of CPU")  # fmt: skip
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB; "
              f"{source.stat().st_size / 1e6:.0f} MB packed, {into.stat().st_size / 1e6:.0f} MB as SQLite")  # fmt: skip
        look_up(into)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
