"""How fast analyses are: `python -m bench.analyse [--events 2500000] [--only approach] [--database big.db]`.

In:  made-up events (world.py) in a database; it is made if it is not there.
Out: for each question the seconds for one country and for the world without draws, beside the bars of 2 s and 30 s and
     beside the time that reading the same columns takes; the largest memory of the process that asked.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from bench.world import events
from tocsin.project import import_rows
from tocsin.store import create_store

COUNTRY_S, WORLD_S, MEMORY_GB = 2.0, 30.0, 2.0
LARGE = """SELECT country FROM event GROUP BY country HAVING count(*) < (SELECT count(*) FROM event) / 15
           ORDER BY count(*) DESC LIMIT 1"""  # as large a part of the world as any real country has
NEEDED = {"change": {"on": "2018-01-01"}}
NOT_ASKED = ("compare",)  # needs two data sets: bench.link measures what it stands on

ASK = """
import json, resource, sys, time
from datetime import date
from tocsin.analyse.draws import NO_DRAWS
from tocsin.analyse.events import read_events
from tocsin.analyse.question import question
from tocsin.errors import TocsinError
from tocsin.store import Filter
database, name, country, own = sys.argv[1:]
asked = question(name)
given = {key: date.fromisoformat(value) for key, value in json.loads(own).items()}
begun = time.perf_counter()
events = read_events(database, Filter(country=country or None), asked.columns)
read = time.perf_counter() - begun
begun = time.perf_counter()
try:
    said = asked.ask(events, NO_DRAWS, **given).sentence
except TocsinError as error:
    said = f"no answer: {error}"
spent = time.perf_counter() - begun
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
print(json.dumps({"events": len(events), "read": read, "ask": spent, "gb": peak, "said": said}))
"""


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--events", type=int, default=2_500_000)
    asked.add_argument("--database", type=Path)
    asked.add_argument("--country", help="left out: a large one")
    asked.add_argument("--only", nargs="*", default=[])
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = given.database or Path(folder) / "world.db"
        if not database.exists():
            print(f"Making {given.events:,} events: some minutes.", file=sys.stderr)
            with create_store(str(database)) as store:
                import_rows(store, events(given.events), name="bench")
        with closing(sqlite3.connect(database)) as connection:
            [country] = connection.execute(LARGE).fetchone()
        measure(database, given.country or country, given.only)


def measure(database: Path, country: str, only: list[str]) -> None:
    """Each question in a process of its own, so that its memory is told apart."""
    from tocsin.analyse.question import NAMES

    print(f"{'question':<12}{'where':<8}{'events':>10}{'read s':>9}{'answer s':>10}{'all s':>8}{'bar':>6}{'GB':>7}")
    for name in (each for each in NAMES if each not in NOT_ASKED and (not only or each in only)):
        for where, bar in ((country, COUNTRY_S), ("", WORLD_S)):
            found = ask(database, name, where)
            total = found["read"] + found["ask"]
            mark = "" if total <= bar and found["gb"] <= MEMORY_GB else "  above the bar"
            print(f"{name:<12}{where or 'world':<8}{found['events']:>10,}{found['read']:>9.2f}{found['ask']:>10.2f}"
                  f"{total:>8.2f}{bar:>6.0f}{found['gb']:>7.2f}{mark}  {found['said'][:90]}", flush=True)  # fmt: skip


def ask(database: Path, name: str, country: str) -> dict[str, float | str]:
    own = json.dumps(NEEDED.get(name, {}))
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(database), name, country, own], capture_output=True, text=True
    )
    if done.returncode:
        return {"events": 0, "read": 0.0, "ask": 0.0, "gb": 0.0, "said": done.stderr.strip().splitlines()[-1]}
    return json.loads(done.stdout)


if __name__ == "__main__":
    main()
