"""The commands that give events away: export and release.

Data go to standard output or a file, all else to standard error. Exit code 0: done; 1: a release does not verify;
2: wrong usage.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tocsin import __version__
from tocsin.cli_filter import country_of
from tocsin.cli_shared import Database, day, moment, say
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from tocsin.store import Filter, Store

app = typer.Typer()
Row = dict[str, Any]
CODEBOOK = "ACLED"
BEHIND = ("chosen", "tolls", "confidence")  # which claims a value comes from: `tocsin show` tells
SETTINGS = Path("tocsin.toml")

IsPublic = Annotated[bool, typer.Option("--public", help="Embargo, coarsen and redact as SETTINGS say.")]
Settings = Annotated[Path, typer.Option(help="What --public does (TOML, docs/export.md).")]


class Form(StrEnum):
    """Forms of export."""

    acled_csv = "acled-csv"
    acled_json = "acled-json"
    geojson = "geojson"
    geojsonl = "geojsonl"
    ucdp_csv = "ucdp-csv"
    hapi_csv = "hapi-csv"
    parquet = "parquet"
    annotations = "annotations"
    datapackage = "datapackage"


TOLD_LAST = (
    Form.acled_json,
    Form.datapackage,
)  # say what they are after the events, when it is known what was held back
PARTIAL = (Form.geojson, Form.geojsonl, Form.ucdp_csv)  # forms that leave events out


@app.command(epilog="Example: tocsin export sahel.db --as acled-csv -o events.csv")
def export(
    database: Database,
    form: Annotated[Form, typer.Option("--as", help="The form.")],
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write to this file; it appears when whole.")] = None,
    country: Annotated[str | None, typer.Option(help="Only this country, by ACLED's name.")] = None,
    since: Annotated[date | None, typer.Option(parser=day, metavar="YYYY-MM-DD", help="First day.")] = None,
    until: Annotated[date | None, typer.Option(parser=day, metavar="YYYY-MM-DD", help="Last day.")] = None,
    as_of: Annotated[str | None, typer.Option(help="The events as they were at this time, or change.")] = None,
    hxl: Annotated[
        bool, typer.Option("--hxl", help="A row of HXL hashtags under the header (acled-csv, hapi-csv).")
    ] = False,
    min_confidence: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Leave out events, and empty values, that are less sure than this.")
    ] = 0.0,
    public: IsPublic = False,
    settings: Settings = SETTINGS,
) -> None:
    """Write events for other tools: ACLED's columns, GeoJSON, UCDP, HAPI, Parquet, annotations, a data package."""
    from tocsin.exchange.writers import write
    from tocsin.store import Filter, open_store

    first, last = (str(each) if each else None for each in (since, until))
    wanted, done, given = Filter(country=country_of(country), since=first, until=last), Counter[str](), Counter[str]()
    asked = {"country": country, "since": first, "until": last}
    asked |= {"min_confidence": str(min_confidence)} if min_confidence else {}
    least, unsure = min_confidence, Counter[str]()
    about = _about(form, asked, as_of, hxl) | ({"held_back": done} if public and form in TOLD_LAST else {})
    with open_store(database) as store:
        rows = _rows(store, form, wanted, moment(as_of), public, least, unsure)
        shown = held_back(rows, settings, done) if public else rows
        shown = _counted(shown, given) if form in PARTIAL else shown
        evidence = _evidence(store, wanted, as_of, settings if public else None, least)
        tables = {"evidence": evidence} if form is Form.datapackage else None
        count = write(shown, out or sys.stdout.buffer, form.value, about=about, tables=tables)
    left = max(0, given["events"] - count)
    say(f"{count} records as {form}." + (f" {left} events do not fit this form (docs/export.md)." if left else "")
         + (f" Withheld as not sure enough: {_list(unsure)}." if least else "")
         + (f" Held back: {_list(done)}." if public else ""))  # fmt: skip


@app.command(epilog="Example: tocsin release sahel.db v2024.03")
def release(
    database: Database,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Left out: the releases are listed.")] = None,
    verify: Annotated[bool, typer.Option("--verify", help="Does the release still hold the same events?")] = False,
    diff: Annotated[str | None, typer.Option(metavar="OTHER", help="What changed from OTHER to NAME.")] = None,
    public: IsPublic = False,
    settings: Settings = SETTINGS,
) -> None:
    """Freeze the events under a name, with a hash to cite; verify it later, or compare two."""
    from tocsin.store import open_store

    with open_store(database) as store:
        if name is None:
            _listed(store)
        elif diff:
            _compared(store, diff, name)
        elif verify:
            raise typer.Exit(_verified(store, name))
        else:
            _made(store, name, settings if public else None)


# -- releases --------------------------------------------------------------------------------------------------------


def _made(store: Store, name: str, settings: Path | None) -> None:
    from tocsin import project
    from tocsin.exchange import releases
    from tocsin.store import schema

    if store.row(schema.release, name):
        raise UsageError(f"{name} is there already; a release never changes. Choose another name.")
    done, policy = Counter[str](), project.policy_of(store).value
    with store.change("release", project.MACHINE, name) as change:
        text = settings.read_text(encoding="utf-8") if settings else None
        found, count = releases.make(_frozen(store, change.seq - 1, settings, done))
        about = releases.about(name, change.at, change.seq - 1, policy, codebook=CODEBOOK, code=__version__,
                               public={"settings": text, "done": dict(done)})  # fmt: skip
        change.put(schema.release, name=name, change=change.seq - 1, at=change.at, policy=policy, hash=found,
                   about=json.dumps(about), rows=count)  # fmt: skip
    say(f"Release {name}: {count} events as of change {about['change']}, sha256 {found}."
         + (f" Held back: {_list(done)}." if settings else ""))  # fmt: skip


def _verified(store: Store, name: str) -> int:
    from tocsin.exchange import releases

    row = _release(store, name)
    same = releases.verify(_of(store, row), row["hash"])
    say(f"{name}: " + ("the same events as when it was made." if same else f"NOT the events of {row['hash']}."))
    return 0 if same else 1


def _compared(store: Store, before: str, after: str) -> None:
    from tocsin.exchange import releases
    from tocsin.exchange.text import plain

    count = 0
    for change in releases.diff(_of(store, _release(store, before)), _of(store, _release(store, after))):
        count += 1
        shown = [f"{name}: {old} → {new}" for name, (old, new) in change.fields.items() if name not in BEHIND]
        fields = "; ".join(shown) or ("what it rests on" if change.fields else "")
        print(plain(f"{change.kind} {change.id}" + (f": {fields}" if fields else "")))
    say(f"Events that differ between {before} and {after}: {count}.")


def _listed(store: Store) -> None:
    found = _releases(store)
    for row in found:
        done = Counter[str](json.loads(row["about"])["public"]["done"])
        public = f"  public, held back: {_list(done)}" if json.loads(row["about"])["public"]["settings"] else ""
        print(f"{row['name']}  {row['at'][:10]}  {row['rows']} events  sha256 {row['hash']}{public}")
    if not found:
        say(f"There is no release yet; make one: tocsin release {store.name} v1")


def _of(store: Store, row: Row) -> Iterator[Row]:
    """The events of a release: those of its change, with what was held back then."""
    from tocsin.exchange.public import Public, parse_public

    text = json.loads(row["about"])["public"]["settings"]
    rules: Public | None = parse_public(text, f"release {row['name']}") if text else None
    made = datetime.fromisoformat(row["at"]).date()
    rows = store.events(as_of=row["change"])
    return rules.apply(rows, made, Counter()) if rules else rows


def _frozen(store: Store, change: int, settings: Path | None, done: Counter[str]) -> Iterator[Row]:
    rows = store.events(as_of=change)
    return held_back(rows, settings, done) if settings else rows


def _releases(store: Store) -> list[Row]:
    from tocsin.store import schema

    return sorted(store.table(schema.release), key=lambda row: str(row["at"]))


def _release(store: Store, name: str) -> Row:
    from tocsin.store import schema

    found = store.row(schema.release, name)
    if found is None:
        raise UsageError(f"there is no release {name}; `tocsin release {store.name}` lists them.")
    return found


# -- helpers ---------------------------------------------------------------------------------------------------------


def _rows(
    store: Store, form: Form, wanted: Filter, as_of: int | str | None, public: bool, least: float, unsure: Counter[str]
) -> Iterator[Any]:
    """The events as the form needs them: with evidence, as bare tuples (fast), or whole; `unsure`: what is withheld."""
    from tocsin.exchange.told import with_told
    from tocsin.exchange.writers.annotate import evidence_of
    from tocsin.project.doubt import sure_enough

    if form is Form.acled_csv and not public and not least:
        return store.export_rows(wanted, as_of)
    rows = store.events(wanted, as_of)
    rows = sure_enough(rows, least, unsure) if least else rows
    return evidence_of(with_told(store, rows, as_of, text=True)) if form is Form.annotations else rows


def held_back(rows: Iterator[Row], settings: Path, done: Counter[str]) -> Iterator[Row]:
    """The rows as the public may see them."""
    from tocsin.exchange.public import load_public

    if not settings.exists():
        raise UsageError(f"--public needs settings: {settings} is not there. docs/export.md shows one to copy.")
    return load_public(settings).apply(rows, datetime.now(UTC).date(), done)


def _evidence(store: Store, wanted: Filter, as_of: str | None, settings: Path | None, least: float) -> Iterator[Row]:
    """The words that support each value, as a table: as far as the public may see the event, if there are settings."""
    from tocsin.exchange.writers.annotate import lines

    rows = _rows(store, Form.annotations, wanted, moment(as_of), bool(settings), least, Counter())
    yield from lines(held_back(rows, settings, Counter()) if settings else rows)


def _counted(rows: Iterable[Row], count: Counter[str]) -> Iterator[Row]:
    for row in rows:
        count["events"] += 1
        yield row


def _about(form: Form, asked: Mapping[str, str | None], as_of: str | None, hxl: bool) -> Row:
    """What the export says of itself; for HAPI also the months that it covers."""
    about: Row = {"as_of": as_of or _now(), "query": _query(asked), **_versions()}
    about |= {"hxl": True} if hxl else {}
    return about | ({"since": asked["since"], "until": asked["until"]} if form is Form.hapi_csv else {})


def _query(asked: Mapping[str, str | None]) -> str:
    return "; ".join(f"{name}={value}" for name, value in asked.items() if value) or "all"


def _versions() -> dict[str, str]:
    return {"code_version": __version__, "codebook_version": CODEBOOK}


def _list(done: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(done.items())) or "nothing"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
