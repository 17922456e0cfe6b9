"""Link files without a database: lines in, the same lines out, each event with its cluster.

In:  report lines (coded on the way) or the lines of `tocsin code --format jsonl`.
Out: the lines in the order given; events of one happening have the same `cluster`.
     The lines wait in a temporary file; only what linking looks at is kept in memory.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

from tocsin.acquire import Options
from tocsin.acquire.draft import report_of
from tocsin.acquire.lines import draft_of, parse
from tocsin.dossier import joined
from tocsin.errors import SourceError, UsageError
from tocsin.exchange import to_json
from tocsin.link.item import Item, item_of
from tocsin.link.link import link
from tocsin.project import told_about
from tocsin.run import code

if TYPE_CHECKING:
    from tocsin.code.found import Finder

Line = dict[str, Any]
BAD = (SourceError, ValueError, KeyError, TypeError, AttributeError)


def link_lines(
    path: str, out: Path | None, *, explain: bool, say: Callable[[str], None], finder: Finder | None = None,
    least: float = 0.0,
) -> int:  # fmt: skip
    """Link the events of a file of lines; 1 if a line was bad, else 0."""
    failed, items = 0, list[Item]()
    with _input(path) as lines, TemporaryFile("w+", encoding="utf-8") as waiting:
        for number, raw in enumerate(lines, 1):
            try:
                line, found = read(raw, finder, least)
            except BAD as error:
                failed += 1
                say(f"error: {path}:{number}: {error}; expected a report line or a line of `tocsin code`.")
                continue
            waiting.write(json.dumps(line, ensure_ascii=False) + "\n")
            items += found
        waiting.seek(0)
        clusters = _write(waiting, out, items, explain)
    say(f"{len(items)} events with a day and a place tell {clusters} happenings.")
    return 1 if failed else 0


def read(raw: bytes, finder: Finder | None = None, least: float = 0.0) -> tuple[Line, list[Item]]:
    """The coded line, and what linking looks at in its events."""
    line = parse(raw)
    text = line.get("text") or ""
    if not isinstance(line.get("events"), list):
        line = {**to_json(code(report_of(draft_of(line, ""), Options()), finder, least)), "id": line.get("id")}
    name = str(line["id"])
    made = []
    for at, event in enumerate(line["events"]):
        told = told_about(event, text) if text else ""
        made.append(item_of(event, f"{name}:{at}", report=name, origin=None, text=told))
    return line, [item for item in made if item]


def _write(waiting: IO[str], out: Path | None, items: list[Item], explain: bool) -> int:
    """Each waiting line with the clusters of its events; how many clusters there are."""
    cluster = {key: keys for keys in link(items) for key in keys}
    by_key = {item.key: item for item in items}
    with _output(out) as written:
        for raw in waiting:
            line = json.loads(raw)
            for at, event in enumerate(line["events"]):
                keys = cluster.get(f"{line['id']}:{at}", (f"{line['id']}:{at}",))
                event["cluster"] = keys[0]
                if explain and len(keys) > 1:
                    event["joined"] = [_joined(*each) for each in joined([by_key[key] for key in keys])]
            written.write(json.dumps(line, ensure_ascii=False) + "\n")
    return len(set(cluster.values()))


def _joined(one: str, other: str, parts: list[tuple[str, float, str]]) -> Line:
    features = [{"feature": name, "weight": round(weight, 2), "why": why} for name, weight, why in parts]
    return {"claims": [one, other], "features": features}


@contextmanager
def _input(path: str) -> Iterator[Iterator[bytes]]:
    if path == "-":
        yield (line for line in sys.stdin.buffer if line.strip())
        return
    try:
        with Path(path).open("rb") as lines:
            yield (line for line in lines if line.strip())
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; give a file of report lines or a database.") from error


@contextmanager
def _output(out: Path | None) -> Iterator[IO[str]]:
    """Standard output, or a file that appears when it is whole."""
    if out is None or str(out) == "-":
        yield sys.stdout
        return
    part = out.with_name(out.name + ".part")
    with part.open("w", encoding="utf-8") as written:
        yield written
    part.replace(out)
