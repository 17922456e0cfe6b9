"""Where rows go: straight to a stream, or to a file that appears only when it is whole.

In:  pieces (the rows of one report), in order.
Out: the stream or file. A file is written as OUT.part with a journal of the reports that are in it; who is stopped
half-way goes on from there, nothing coded twice, and OUT is never half a file.
"""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol, TextIO

from tocsin.errors import SourceError, UsageError
from tocsin.exchange import Format
from tocsin.model import Report


@dataclass(frozen=True, slots=True)
class Tally:
    """What was written so far."""

    reports: int = 0
    rows: int = 0
    events: int = 0
    left_out: int = 0  # events that the format cannot hold
    failed: int = 0  # reports with an issue of level "error"

    def __add__(self, other: Tally) -> Tally:
        mine, yours = asdict(self), asdict(other)
        return Tally(**{name: mine[name] + yours[name] for name in mine})


@dataclass(frozen=True, slots=True)
class Piece:
    """The rows of one report and their tally."""

    rows: tuple[str, ...]
    tally: Tally


class Output(Protocol):
    """Where the pieces go."""

    tally: Tally

    def unwritten(self, reports: Iterable[Report]) -> Iterator[Report]:
        """The reports that are not in the output yet."""
        ...

    def write(self, report: Report, piece: Piece) -> None: ...

    def finish(self) -> None: ...


class Stream:
    """Standard output, or any open text file: each report at once, nothing kept."""

    def __init__(self, file: TextIO, form: Format) -> None:
        self.tally = Tally()
        self._file, self._form = file, form
        file.write(form.head)

    def unwritten(self, reports: Iterable[Report]) -> Iterator[Report]:
        return iter(reports)

    def write(self, report: Report, piece: Piece) -> None:
        self._file.write(_joined(self._form, self.tally.rows, piece.rows))
        self._file.flush()
        self.tally += piece.tally

    def finish(self) -> None:
        self._file.write(self._form.tail)
        self._file.flush()


class PartFile:
    """A file in the making, which can be taken up again.

    The journal's first line says which run it belongs to; each further line is one report with the size of the part
    file after it and the tally up to it. A line of the journal is written after the rows it stands for.
    """

    def __init__(self, path: Path, form: Format, run: dict[str, Any], resume: bool | None = None) -> None:
        """`run` tells what is coded and how; `resume`: True must, False must not, None does if the run is the same."""
        if path.is_dir() or not path.parent.is_dir():
            raise UsageError(f"Cannot write {path}: give the name of a file in a folder that exists.")
        self.tally = Tally()
        self.resumed = False
        self._path, self._form = path, form
        self._part = path.with_name(path.name + ".part")
        self._journal = path.with_name(path.name + ".part.journal")
        self._written: deque[str] = deque()
        same = resume is not False and self._take_up(run)
        if resume and not same:
            raise UsageError(
                f"Nothing to resume: there is no {self._part} of the same run. Leave out --resume to start anew."
            )
        if not same:
            self._start(run)
        self._rows, self._log = self._part.open("ab"), self._journal.open("ab")

    def unwritten(self, reports: Iterable[Report]) -> Iterator[Report]:
        for report in reports:
            if not self._written:
                yield report
            elif _key(report) != self._written.popleft():
                raise UsageError(f"The input has changed since {self._part} was written: say --restart to start anew.")

    def write(self, report: Report, piece: Piece) -> None:
        rows = _joined(self._form, self.tally.rows, piece.rows)
        self._rows.write(rows.encode("utf-8", "backslashreplace"))
        self._rows.flush()
        self.tally += piece.tally
        entry = {"report": _key(report), "size": self._rows.tell(), "tally": asdict(self.tally)}
        self._log.write(json.dumps(entry).encode() + b"\n")
        self._log.flush()

    def finish(self) -> None:
        if self._written:
            raise UsageError(f"The input has shrunk since {self._part} was written: say --restart to start anew.")
        self._rows.write(self._form.tail.encode())
        self._rows.flush()
        os.fsync(self._rows.fileno())
        self.close()
        os.replace(self._part, self._path)
        self._journal.unlink()

    def close(self) -> None:
        """Leave the file as it is, to be taken up again."""
        self._rows.close()
        self._log.close()

    def _start(self, run: dict[str, Any]) -> None:
        try:
            self._journal.write_text(json.dumps(run) + "\n", encoding="utf-8")
            self._part.write_text(self._form.head, encoding="utf-8", newline="")
        except OSError as error:
            raise SourceError(f"Cannot write {self._part}: {error.strerror}. Choose another place with -o.") from error

    def _take_up(self, run: dict[str, Any]) -> bool:
        """Go back to the last report that is wholly in the part file. False: there is none of the same run."""
        if not (self._part.exists() and self._journal.exists()):
            return False
        lines = self._journal.read_bytes().splitlines(keepends=True)
        size, kept = len(self._form.head.encode()), len(lines[0]) if lines else 0
        if not lines or _parsed(lines[0]) != json.loads(json.dumps(run)) or self._part.stat().st_size < size:
            return False
        for line in lines[1:]:
            entry = _parsed(line)
            if entry is None or entry["size"] > self._part.stat().st_size:
                break
            self._written.append(entry["report"])
            self.tally, size, kept = Tally(**entry["tally"]), entry["size"], kept + len(line)
        os.truncate(self._part, size)
        os.truncate(self._journal, kept)
        self.resumed = True
        return True


def _key(report: Report) -> str:
    """The same for the same text and the same facts about it only."""
    return blake2b(repr(report).encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()


def _joined(form: Format, rows_before: int, rows: tuple[str, ...]) -> str:
    joined = form.between.join(rows)
    return form.between + joined if rows and rows_before else joined


def _parsed(line: bytes) -> dict[str, Any] | None:
    """The journal line; None if it was cut off."""
    if line.endswith(b"\n"):
        with suppress(ValueError):
            entry: dict[str, Any] = json.loads(line)
            return entry
    return None
