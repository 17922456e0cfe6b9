"""Kill `add` at random moments: is an accepted report ever lost or doubled?

    python -m bench.faults [--times 200] [--seed 1] [--reports 60] [--url postgresql://…]

In:  report lines made up here; for PostgreSQL a server on which databases may be made.
Out: how often it was killed, in which states the database was found, and how often something was wrong:
     a report lost that `add` had accepted, a report or claim doubled, a database that does not open, a last run that
     does not complete it. Exit code 1 if so.

The coder is loaded once and each run is a fork, so that a kill falls into the work and not into the loading.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from tocsin import project
from tocsin.acquire import Options, reports
from tocsin.store import create_store, open_store

PLACES = ("Gao", "Djibo", "Mopti", "Dori", "Ménaka", "Ansongo", "Kaya", "Sévaré")


@dataclass(slots=True)
class Found:
    """What was found over all kills."""

    kills: int = 0
    midway: int = 0  # kills that left some of the reports in the database, not all
    announced: int = 0  # reports accepted by runs that were killed
    faults: list[str] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reports", type=int, default=60)
    parser.add_argument("--url")
    options = parser.parse_args()
    chance, found = random.Random(options.seed), Found()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reports.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in lines(options.reports)), encoding="utf-8")
        whole = longest(options.url, folder, path)
        while found.kills < options.times:
            with database(options.url, folder) as url:
                kill_until_done(url, path, whole, chance, found, options)
            print(f"{time.strftime('%H:%M:%S')} killed {found.kills} times", file=sys.stderr)
    for fault in found.faults:
        print(fault)
    print(f"killed {found.kills} times in runs of {whole:.1f} s, {found.midway} times with a part of the "
          f"{options.reports} reports in; {found.announced} reports were accepted before a kill; "
          f"{len(found.faults)} faults")  # fmt: skip
    return 1 if found.faults else 0


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


@contextmanager
def database(server: str | None, folder: str) -> Iterator[str]:
    """The address of a new database, which is gone afterwards."""
    name = f"faults_{uuid4().hex}"
    if server is None:
        path = Path(folder) / f"{name}.db"
        create_store(str(path)).close()
        yield str(path)
        path.unlink()
        return
    engine = create_engine(make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        url = make_url(server).set(database=name).render_as_string(hide_password=False)
        create_store(url).close()
        yield url
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def start(url: str, path: Path) -> tuple[int, int]:
    """Run `add` in a process of its own: its id, and a pipe that gets one byte for each report it has accepted."""
    ours, theirs = os.pipe()
    if child := os.fork():
        os.close(theirs)
        return child, ours
    code = 1
    try:
        with open_store(url) as store:
            project.add(store, reports([str(path)], Options()), step=lambda: _tell(theirs))
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _tell(pipe: int) -> None:
    os.write(pipe, b".")


def end(child: int, pipe: int) -> tuple[bool, int]:
    """Wait for the process: did it end well, and how many reports did it accept?"""
    _, status = os.waitpid(child, 0)
    with os.fdopen(pipe, "rb") as stream:
        return os.waitstatus_to_exitcode(status) == 0, len(stream.read())


def longest(server: str | None, folder: str, path: Path) -> float:
    """Seconds of a run that is left alone; an earlier one here loads all that a run needs."""
    with database(server, folder) as url, open_store(url) as store:
        project.add(store, reports([str(path)], Options()))
    with database(server, folder) as url:
        begun = time.monotonic()
        end(*start(url, path))
        return time.monotonic() - begun


def kill_until_done(
    url: str, path: Path, whole: float, chance: random.Random, found: Found, options: argparse.Namespace
) -> None:
    """Kill runs into one database until one of them ends by itself; then all reports must be there once."""
    before: set[str] = set()
    while True:
        child, pipe = start(url, path)
        killed = found.kills < options.times
        if killed:
            time.sleep(chance.uniform(0.0, whole))
            os.kill(child, signal.SIGKILL)
        done, announced = end(child, pipe)
        now = look(url, found)
        if before - now or len(now) < len(before) + announced:
            found.faults.append(f"kill {found.kills}: {len(before)} and {announced} accepted, {len(now)} there")
        if done:
            if len(now) != options.reports:
                found.faults.append(f"after kill {found.kills} a run to the end: {len(now)} reports")
            return
        if not killed:
            found.faults.append(f"after kill {found.kills} a run did not end well")
            return
        found.kills += 1
        found.announced += announced
        found.midway += 0 < len(now) < options.reports
        before = now


def look(url: str, found: Found) -> set[str]:
    """The reports whose claims stand in events, each once; what is wrong goes to the faults."""
    try:
        with open_store(url) as store:
            keys = [key for row in store.events() for key in store.members(str(row["event_id_cnty"]))]
            count = store.counts()
            if store.engine.dialect.name == "sqlite":
                with store.engine.connect() as connection:
                    found.faults += [w for w in connection.scalars(text("PRAGMA integrity_check")) if w != "ok"]
    except Exception as error:
        found.faults.append(f"kill {found.kills}: {error}")
        return set()
    names = {key.partition(":")[0] for key in keys}
    if not len(keys) == len(names) == count["report"] == count["claim"]:
        found.faults.append(f"kill {found.kills}: {len(keys)} claims in events of {len(names)} reports; {count}")
    return names


if __name__ == "__main__":
    sys.exit(main())
