"""How fast the store takes rows in and gives them out.

In:  `python -m bench.store [--rows 200000] [--postgres | --url postgresql://…]`; rows are made up.
Out: rows/s of import and of export as ACLED's CSV, by the clock and by the CPU time of this process; median ms of a
     month-country-type filter; peak memory at a tenth of the rows and at all; beside sqlite3 alone.
"""

from __future__ import annotations

import argparse
import resource
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any, TypeVar

from tocsin.exchange.writers import write
from tocsin.project import import_rows
from tocsin.store import Filter, Store, create_store
from tocsin.store.schema import ACLED

T = TypeVar("T")
COUNTRIES = ("Mali", "Niger", "Burkina Faso", "Nigeria", "Sudan", "Ukraine", "Yemen", "Myanmar")
TYPES = ("Battles", "Riots", "Protests", "Violence against civilians")
WANTED = Filter(country="Mali", event_type="Battles", since="2021-03-01", until="2021-03-31")


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=200_000)
    asked.add_argument("--url", help="an empty PostgreSQL database, measured instead of SQLite")
    asked.add_argument("--postgres", action="store_true", help="measure on a PostgreSQL of our own too")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        alone = bare(folder / "bare.db", given.rows)
        measure("PostgreSQL" if given.url else "SQLite", given.url or str(folder / "p.db"), given.rows, folder, alone)
    if given.postgres:
        from tests.postgres import empty_database, served

        with served() as server, tempfile.TemporaryDirectory() as name:
            measure("PostgreSQL", empty_database(server), given.rows, Path(name), alone)


def measure(label: str, url: str, rows: int, folder: Path, alone: float) -> None:
    with create_store(url) as store:
        with timed(f"{label}: import", rows, alone) as peaks:
            import_rows(store, watched(made(rows), rows, peaks), name="bench")
        print(f"{label}: filter {filter_ms(store):.1f} ms for {sum(1 for _ in store.events(WANTED)):,} events")
        with timed(f"{label}: acled-csv", rows) as peaks:
            write(watched(store.export_rows(), rows, peaks), folder / "out.csv", "acled-csv", about={})


@contextmanager
def timed(label: str, rows: int, alone: float | None = None) -> Iterator[list[float]]:
    """Print how fast the block was; the list it gets takes the peaks of memory."""
    peaks: list[float] = []
    clock, cpu = perf_counter(), process_time()
    yield peaks
    clock, cpu = perf_counter() - clock, process_time() - cpu
    ratio = f", 1/{alone / (rows / cpu):.1f} of sqlite3 alone" if alone else ""
    print(f"{label} {rows:,} rows in {clock:.1f} s: {rows / clock:,.0f} rows/s; CPU {cpu:.1f} s: {rows / cpu:,.0f} "
          f"rows/s{ratio}; memory {peaks[0]:.0f} MB at 10 %, {peaks[-1]:.0f} MB at all", flush=True)  # fmt: skip


def watched(rows: Iterable[T], total: int, peaks: list[float]) -> Iterator[T]:
    """The same rows; the peak of memory is noted after a tenth of them and at the end."""
    for number, row in enumerate(rows):
        if number == total // 10:
            peaks.append(peak_mb())
        yield row
    peaks.append(peak_mb())


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def filter_ms(store: Store) -> float:
    """Median time of a month-country-type filter."""
    times = []
    for _ in range(50):
        start = perf_counter()
        for _ in store.events(WANTED):
            pass
        times.append(1000 * (perf_counter() - start))
    return median(times)


def bare(path: Path, rows: int) -> float:
    """Rows per second of CPU time of the driver alone: one table, 31 columns, no index."""
    base = sqlite3.connect(path)
    base.execute(f"CREATE TABLE event ({', '.join(ACLED)})")
    start = process_time()
    values = (tuple(map(row.get, ACLED)) for row in made(rows))
    base.executemany(f"INSERT INTO event VALUES ({', '.join('?' * len(ACLED))})", values)
    base.commit()
    base.close()
    found = rows / (process_time() - start)
    print(f"sqlite3 alone: {found:,.0f} rows/s of CPU time in", flush=True)
    return found


def made(rows: int) -> Iterator[dict[str, Any]]:
    first = date(2018, 1, 1)
    days = [(first + timedelta(n)).isoformat() for n in range(2500)]
    for n in range(rows):
        day = days[n % 2500]
        yield {
            "dataset": "bench", "row_id": str(n), "event_date": day, "year": int(day[:4]), "time_precision": 1,
            "disorder_type": "Political violence", "event_type": TYPES[n // 3 % 4], "sub_event_type": "Attack",
            "actor1": f"Group {n % 97}", "inter1": "Rebel group", "actor2": "Civilians", "inter2": "Civilians",
            "interaction": "Rebel group-Civilians", "region": "Region", "country": COUNTRIES[n % 8],
            "admin1": f"Province {n % 40}", "location": f"Town {n % 5000}", "latitude": n % 170 - 85.0,
            "longitude": n % 350 - 175.0, "geo_precision": 1, "source": "Wire", "source_scale": "National",
            "notes": "Gunmen of the group attacked the town and killed people, residents said. " * 3,
            "fatalities": n % 7, "timestamp": 1_700_000_000 + n,
        }  # fmt: skip


if __name__ == "__main__":
    main()
