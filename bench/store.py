"""How fast the store takes rows in and gives them out.

In:  `python -m bench.store [--rows 200000] [--url postgresql://…]`; rows are made up.
Out: import rows/s, median ms of a month-country-type filter, export rows/s, peak memory; beside sqlite3 alone.
"""

from __future__ import annotations

import argparse
import resource
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from tocsin.project import import_rows
from tocsin.store import Filter, create_store
from tocsin.store.schema import ACLED

COUNTRIES = ("Mali", "Niger", "Burkina Faso", "Nigeria", "Sudan", "Ukraine", "Yemen", "Myanmar")
TYPES = ("Battles", "Riots", "Protests", "Violence against civilians")
WANTED = Filter(country="Mali", event_type="Battles", since="2021-03-01", until="2021-03-31")


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=200_000)
    asked.add_argument("--url")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(f"sqlite3 alone: {bare(Path(folder) / 'bare.db', given.rows):,.0f} rows/s in")
        measure(given.url or str(Path(folder) / "p.db"), given.rows)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def measure(url: str, rows: int) -> None:
    with create_store(url) as store:
        start = perf_counter()
        import_rows(store, made(rows), name="bench")
        print(f"import {rows / (perf_counter() - start):,.0f} rows/s")
        times = []
        for _ in range(50):
            start = perf_counter()
            found = sum(1 for _ in store.events(WANTED))
            times.append(1000 * (perf_counter() - start))
        print(f"filter {median(times):.1f} ms for {found} events")
        start = perf_counter()
        count = sum(1 for _ in store.export_rows())
        print(f"export {count / (perf_counter() - start):,.0f} rows/s of {count}")


def bare(path: Path, rows: int) -> float:
    """Rows per second of the driver alone: one table, 31 columns, no index."""
    base = sqlite3.connect(path)
    base.execute(f"CREATE TABLE event ({', '.join(ACLED)})")
    start = perf_counter()
    values = (tuple(map(row.get, ACLED)) for row in made(rows))
    base.executemany(f"INSERT INTO event VALUES ({', '.join('?' * len(ACLED))})", values)
    base.commit()
    base.close()
    return rows / (perf_counter() - start)


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
