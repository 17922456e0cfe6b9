"""Kill `tocsin add` at random moments: is an accepted report ever lost or doubled?

    python -m bench.faults [--times 200] [--seed 1] [--reports 60]

In:  report lines made up here.
Out: how often it was killed, in which state the database was found, and whether the last run completed it.
     Exit code 1 if a report or claim was lost or doubled, or the database did not open.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tocsin.store import create_store, open_store

PLACES = ("Gao", "Djibo", "Mopti", "Dori", "Ménaka", "Ansongo", "Kaya", "Sévaré")


def lines(count: int) -> list[dict[str, object]]:
    """Reports that differ in place, day and number of dead."""
    return [
        {
            "id": f"r{n}",
            "text": f"Gunmen killed {n + 2} farmers in {PLACES[n % len(PLACES)]} on {1 + n % 27} March, he said.",
            "published": "2024-03-29",
            "source": f"Paper {n % 5}",
            "lang": "en",
        }
        for n in range(count)
    ]


def add(database: Path, reports: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tocsin", "add", str(database), str(reports), "--jobs", "1"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def state(database: Path) -> tuple[set[str], list[str], int]:
    """Report ids, claim keys, number of events; all events must have their members."""
    with open_store(str(database)) as store:
        keys = [key for row in store.events() for key in store.members(str(row["event_id_cnty"]))]
        return {key.partition(":")[0] for key in keys}, keys, store.counts()["report"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reports", type=int, default=60)
    options = parser.parse_args()
    chance, bad, kills, rounds = random.Random(options.seed), 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        reports = Path(folder) / "reports.jsonl"
        reports.write_text("".join(json.dumps(line) + "\n" for line in lines(options.reports)), encoding="utf-8")
        while kills < options.times:
            rounds += 1
            database = Path(folder) / f"{rounds}.db"
            create_store(str(database)).close()
            bad, kills = _kill_until_done(database, reports, chance, bad, kills, options)
    print(f"killed {kills} times; {bad} faults (a report lost or doubled, a database that does not open)")
    return 1 if bad else 0


def _kill_until_done(
    database: Path, reports: Path, chance: random.Random, bad: int, kills: int, options: argparse.Namespace
) -> tuple[int, int]:
    """Kill runs into one database until one of them ends by itself; then all reports must be there once."""
    accepted: set[str] = set()
    while True:
        running = add(database, reports)
        try:
            running.wait(chance.uniform(0.5, 6.0) if kills < options.times else None)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
            kills += 1
        found, keys, count = state(database)
        bad += bool(accepted - found) + (len(keys) != len(set(keys)))
        accepted = found
        print(f"{time.strftime('%H:%M:%S')} kill {kills}: {count} reports, {len(keys)} claims", file=sys.stderr)
        if running.returncode == 0:
            return bad + (count != options.reports) + (len(keys) != options.reports), kills


if __name__ == "__main__":
    sys.exit(main())
