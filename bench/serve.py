"""How fast the server answers with many events, beside datasette on the same SQLite file.

In:  `python -m bench.serve [--rows 1000000] [--database KEPT.db] [--datasette /path/to/datasette] [--seconds 60]`.
Out: each figure with its bar: seconds to start, memory, the first page and a filter in Chromium, tiles, pages of each
     API, an event, the desk, the streamed CSV, many readers at once; and datasette's time for the like, with the ratio.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from statistics import median, quantiles
from time import monotonic, perf_counter, sleep
from typing import Any
from urllib.parse import quote, urlencode

import httpx

from bench.world import events
from tocsin.project import import_rows
from tocsin.store import create_store

TILES, FILTERS, READERS, LOADS, TIMES = 100, 15, 50, 5, 9
PAGE = 5000
VIEWS = ("country=Sudan", "event_type=Battles", "event_type=Protests&since=2020-01-01", "actor=Group+12",
         "fatalities_min=5", "since=2023-01-01&until=2023-12-31", "civilians=yes", "text=ville", "")  # fmt: skip


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--database", type=Path, help="made if it is not there, and kept")
    asked.add_argument("--datasette", default=shutil.which("datasette"), help="the command of datasette")
    asked.add_argument("--seconds", type=int, default=60, help="how long the readers read")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = given.database or Path(folder) / "bench.db"
        if not database.exists():
            with create_store(str(database)) as store:
                import_rows(store, events(given.rows), name="bench")
        ours = measure(database, given.seconds)
        theirs = beside(database, given.datasette, given.seconds)
    for name in theirs:
        print(
            f"{name}: datasette {theirs[name]:,.0f} ms, tocsin {ours[name]:,.0f} ms: {theirs[name] / ours[name]:.1f}x"
        )


def told(name: str, value: float, unit: str, bar: float | None = None, *, more: bool = False, cpu: str = "") -> float:
    """Print a figure beside its bar. `more`: the more the better; `cpu`: the processor's time that it took."""
    verdict = "" if bar is None else " reached" if (value >= bar if more else value <= bar) else " MISSED"
    bars = f" (bar {bar:,.0f}{verdict})" if bar else ""
    print(f"{name}: {value:,.1f} {unit}{cpu and f', {cpu} of the processor'}{bars}", flush=True)
    return value


def measure(database: Path, seconds: int) -> dict[str, float]:
    """Our server's figures; those that datasette has, too, are returned, in ms."""
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    started(database)
    with serving(database) as (address, process):
        with httpx.Client(base_url=address, timeout=300) as client:
            client.get("/explore/data").raise_for_status()
            told("memory with the index", memory(process), "MB")
            seen(address)
            tiles(client)
            found = {name: asked(client, process, name, path, bar) for name, path, bar in PAGES}
            start, lines = perf_counter(), 0
            with client.stream("GET", "/export/acled-csv") as answer:
                lines = sum(block.count(b"\n") for block in answer.iter_bytes())
            told("streamed CSV", lines / (perf_counter() - start), "rows/s", 50_000, more=True)
        crowd(address, process, seconds)
    print(f"load of the machine: {os.getloadavg()[0]:.1f}")
    return {f"{PAGE} rows as JSON": found[ACLED], "100 rows of a country and a type": found[SOME]}


def serving(database: Path) -> AbstractContextManager[tuple[str, subprocess.Popen[bytes]]]:
    return run([sys.executable, "-m", "tocsin", "serve", str(database)])


def started(database: Path) -> None:
    """How long the first start takes, and the next, for which the index was kept."""
    kept = Path(f"{database}.index")
    kept.unlink(missing_ok=True)
    for name in ("first start, to the first answer", "next start, to the first answer"):
        start = perf_counter()
        with serving(database) as (address, process):
            httpx.get(f"{address}/explore/data", timeout=300).raise_for_status()
            told(name, perf_counter() - start, "s", cpu=f"{spent(process):.1f} s")
            while not kept.exists():
                sleep(0.1)


def asked(client: httpx.Client, process: subprocess.Popen[bytes], name: str, path: str, bar: float | None) -> float:
    """The median of several times, in ms; the first, for which nothing was worked out yet, is left out."""
    client.get(path).raise_for_status()
    before = spent(process)
    found = median(timed(lambda: client.get(path).raise_for_status(), TIMES))
    return told(f"{name}, median", found, "ms", bar, cpu=f"{1000 * (spent(process) - before) / TIMES:.0f} ms")


def crowd(address: str, process: subprocess.Popen[bytes], seconds: int) -> None:
    """Many readers at once, and whether memory grows with them: what is kept is full after the first round."""
    for when in ("first", "again"):
        before, spent_before = memory(process), spent(process)
        slow, often = asyncio.run(readers(address, seconds, wishes()))
        told(f"{READERS} readers for {seconds} s, {when}: p95", slow, "ms", 500,
             cpu=f"{100 * (spent(process) - spent_before) / seconds:.0f} %")  # fmt: skip
        told("their requests a second", often, "/s")
        print(f"memory before and after: {before:,.0f} and {memory(process):,.0f} MB", flush=True)


CLICK = """box => new Promise(done => {
  const start = performance.now();
  const drawn = () => requestAnimationFrame(() => done(performance.now() - start));
  new MutationObserver((_, seen) => { seen.disconnect(); drawn(); })
    .observe(document.querySelector("#page"), { childList: true, characterData: true, subtree: true });
  box.click();
})"""  # until the table has changed and is drawn
FILTER = {"country": "Sudan", "event_type": "Battles"}
ACLED, SOME = f"ACLED page of {PAGE} rows", "ACLED page of 100 rows of a country and a type"
PAGES = (
    (ACLED, f"/api/acled/read?limit={PAGE}", 150),
    (SOME, f"/api/acled/read?limit=100&{urlencode(FILTER)}", None),
    (f"our own API, a page of {PAGE} rows", f"/api/v1/events?limit={PAGE}", 150),
    (f"OGC API Features, a page of {PAGE} rows", f"/ogc/collections/events/items?limit={PAGE}", 150),
    ("page of an event", "/event/ESP7", 300),
    ("desk", "/desk?event=ESP7", 300),
)  # name, address, bar in ms


def beside(database: Path, command: str | None, seconds: int) -> dict[str, float]:
    """What datasette needs for the like: rows as JSON, without counts and choices beside them."""
    if command is None:
        print("datasette: not there (pip install datasette; --datasette PATH).")
        return {}
    options = ["--setting", "max_returned_rows", str(PAGE), "--setting", "sql_time_limit_ms", "60000"]
    plain = "_shape=array&_nocount=1&_nofacet=1&_nosuggest=1"
    table, few = f"/{database.stem}/event.json?{plain}", "&".join(f"{k}={quote(v)}" for k, v in FILTER.items())
    with run([command, "serve", str(database), *options]) as (address, _):
        with httpx.Client(base_url=address, timeout=120) as client:
            page = timed(lambda: client.get(f"{table}&_size={PAGE}&_sort_desc=event_date").raise_for_status(), 5)
            some = timed(lambda: client.get(f"{table}&_size=100&{few}&_sort_desc=event_date").raise_for_status(), 9)
        wanted = [f"{table}&_size=100&country={quote(name)}" for name in ("Sudan", "Spain", "Japan", "Peru")]
        found = asyncio.run(readers(address, min(seconds, 20), wanted))
        print(f"datasette, {READERS} readers: p95 {found[0]:,.0f} ms, {found[1]:,.0f} requests/s")
    return {f"{PAGE} rows as JSON": median(page), "100 rows of a country and a type": median(some)}


@contextmanager
def run(command: list[str]) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A server of its own on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([*command, "--port", str(port)], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    address, end = f"http://127.0.0.1:{port}", monotonic() + 60
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if process.poll() is not None or monotonic() > end:
                    raise SystemExit(f"{command[0]} did not start") from None
                sleep(0.05)
        yield address, process
    finally:
        process.terminate()
        process.wait(20)


def memory(process: subprocess.Popen[bytes]) -> float:
    """Megabytes that the process holds now."""
    lines = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def spent(process: subprocess.Popen[bytes]) -> float:
    """Seconds of the processor that the process has taken so far."""
    parts = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def timed(do: Callable[[], object], times: int) -> list[float]:
    """Milliseconds of each time."""
    found = []
    for _ in range(times):
        start = perf_counter()
        do()
        found.append(1000 * (perf_counter() - start))
    return found


def some_tiles(count: int) -> list[str]:
    """Tiles of all zooms over land where people live."""
    chance, places = random.Random(3), list(events(count))
    found = []
    for row in places:
        z = chance.randint(0, 12)
        x = int((row["longitude"] + 180) / 360 * 2**z)
        y = int((0.5 - row["latitude"] / 200) * 2**z)  # near enough
        found.append(f"/tiles/{z}/{x}/{min(max(y, 0), 2**z - 1)}.mvt")
    return found


def tiles(client: httpx.Client) -> None:
    views = [*VIEWS[:3], ""]
    wanted = [f"{path}?{views[at % 4]}" for at, path in enumerate(some_tiles(TILES))]
    for state, bars in (("cold", (50, 150)), ("warm", (50, 150))):
        times = [timed(lambda path=path: client.get(path).raise_for_status(), 1)[0] for path in wanted]  # type: ignore[misc]
        told(f"tile {state}, median", median(times), "ms", bars[0])
        told(f"tile {state}, p95", quantiles(times, n=20)[-1], "ms", bars[1])


def wishes() -> list[str]:
    """What readers of the Explore page ask."""
    return [f"/explore/data?{view}" for view in VIEWS] + [
        f"{path}?{VIEWS[at % 9]}" for at, path in enumerate(some_tiles(40))
    ]


async def readers(address: str, seconds: int, wanted: list[str]) -> tuple[float, float]:
    """p95 in ms and requests a second of READERS who look at something, think for half a second, look on."""
    end, times = monotonic() + seconds, list[float]()

    async def read(number: int, client: httpx.AsyncClient) -> None:
        chance = random.Random(number)
        while monotonic() < end:
            await asyncio.sleep(chance.uniform(0, 1))
            start = perf_counter()
            (await client.get(chance.choice(wanted))).raise_for_status()
            times.append(1000 * (perf_counter() - start))

    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        await asyncio.gather(*(read(number, client) for number in range(READERS)))
    return quantiles(times, n=20)[-1], len(times) / seconds


def seen(address: str) -> None:
    """What a person at a browser waits for."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        print("Chromium: not there (apt-get install chromium); the page was not measured.")
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        firsts = [first_page(browser, address) for _ in range(LOADS)]
        told("first Explore page usable, median", median(firsts), "s", 2)
        told("filter change, median", median(filters(browser, address)), "ms", 300)
        browser.close()


def first_page(browser: Any, address: str) -> float:
    """Until counts and table are there and the map has drawn its events; a new browser profile each time."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    start = perf_counter()
    page.goto(address)
    page.wait_for_selector("#table tbody tr")
    page.wait_for_selector("#map[data-events]")
    found = perf_counter() - start
    page.context.close()
    return found


def filters(browser: Any, address: str) -> list[float]:
    """From a click on a filter until counts and table show it, in ms; the page waits for a pause in typing itself."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(address)
    page.wait_for_selector("#table tbody tr")
    boxes = page.locator("#filters input[name=event_type]")
    times = [boxes.nth(at % boxes.count()).evaluate(CLICK) for at in range(FILTERS)]
    page.context.close()
    return times


if __name__ == "__main__":
    main()
