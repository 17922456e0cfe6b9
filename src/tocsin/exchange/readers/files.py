"""Open a table from outside and read it record by record.

In:  a .csv, .csv.gz or .zip with one table; UTF-8 with or without a mark at its start; comma, semicolon or tab.
Out: the header, the HXL tags if there are any, and each record with its line; of one that is broken, what is wrong.
Nothing is kept in memory but the record at hand. SourceError if the file cannot be read at all.
"""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import IO, Any

from tocsin.acquire.streams import MAX_RATIO, RATIO_FROM, rejoined, unpacked
from tocsin.errors import SourceError

Cells = list[str]
Record = tuple[int, Cells | str]  # line, and the cells or what is wrong with them

MAX_LINE = 4_000_000  # bytes; the longest cell that is read has 131,072 characters
TABLES = (".csv", ".tsv", ".txt")
DELIMITERS = ",;\t"
MARK = b"\xef\xbb\xbf"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(slots=True)
class Lines:
    """Lines of text; `flaw` tells what was wrong with one of them, until it is taken away."""

    stream: IO[bytes]
    flaw: str = field(default="", init=False)

    def __iter__(self) -> Iterator[str]:
        readline = self.stream.readline
        while line := readline(MAX_LINE):
            if len(line) == MAX_LINE and not line.endswith(b"\n"):
                self.flaw = f"the line is longer than {MAX_LINE:,} bytes; is this a table?"
                line = self._cut(line)
            if b"\0" in line:
                self.flaw = "the line holds a zero byte; save the file as UTF-8 text"
            try:
                yield line.decode()
            except UnicodeDecodeError:
                self.flaw = "the line is not UTF-8; save the file as UTF-8"
                yield line.decode("utf-8", "replace")

    def _cut(self, line: bytes) -> bytes:
        """The first bytes of a line; the rest of it is passed over."""
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = self.stream.readline(MAX_LINE)
        return line[:1000] + b"\n"

    def take(self) -> str:
        flaw, self.flaw = self.flaw, ""
        return flaw


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the records below it; `tags` are the HXL hashtags between them, if there are any."""

    header: tuple[str, ...]
    tags: tuple[str, ...]
    records: Iterator[Record]


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of the table in a file, without gzip or zip around them."""
    try:
        with path.open("rb") as file:
            if file.peek(4).startswith(b"PK\x03\x04"):
                with _member(file) as inside:
                    yield _checked(inside)
            else:
                yield _checked(unpacked(file))
    except FileNotFoundError as error:
        raise SourceError(f"{path}: there is no such file; check the spelling") from error
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise SourceError(f"{path}: the archive is damaged or cut off ({error}); fetch the file again") from error
    except OSError as error:
        raise SourceError(f"{path}: the file cannot be read: {error.strerror or error}") from error


def _member(file: IO[bytes]) -> IO[bytes]:
    """The one table in a zip archive."""
    archive = zipfile.ZipFile(file)
    tables = [each for each in archive.infolist() if _is_table(each.filename)]
    if len(tables) != 1:
        raise SourceError(f"the archive holds {len(tables)} tables, expected one; unpack it and give the one you mean")
    found = tables[0]
    if found.file_size > RATIO_FROM and found.file_size > MAX_RATIO * found.compress_size:
        raise SourceError("the archive unpacks to over 200 times its size, as only bombs do; not read")
    try:
        return archive.open(found)
    except (RuntimeError, NotImplementedError) as error:
        raise SourceError(f"the archive cannot be unpacked ({error}); unpack it and give the table") from error


def _is_table(name: str) -> bool:
    return name.lower().endswith(TABLES) and not name.startswith("__MACOSX/")


def _checked(stream: IO[bytes]) -> IO[bytes]:
    """The stream without a mark at its start; SourceError if it begins like UTF-16."""
    head = stream.read(3)
    if head.startswith(UTF_16):
        raise SourceError("the file is UTF-16; save it as CSV in UTF-8")
    return rejoined(b"" if head == MARK else head, stream)


def table(stream: IO[bytes], delimiter: str = "") -> Table:
    """The table in a stream whose first record is the header; without a delimiter, the header tells it."""
    lines = Lines(stream)
    text = iter(lines)
    first = next(text, "")
    delimiter = delimiter or max(DELIMITERS, key=first.count)
    found = records(lines, chain([first], text), delimiter=delimiter)
    header = next(found, (1, "the file is empty"))[1]
    if isinstance(header, str):
        raise SourceError(f"the header cannot be read: {header}")
    second = next(found, None)
    if second and tagged(second[1]):
        return Table(tuple(header), tuple(second[1]), found)
    return Table(tuple(header), (), chain([second] if second else [], found))


def tagged(cells: Sequence[str]) -> bool:
    """A row of HXL hashtags."""
    return any(cells) and all(cell.startswith("#") or not cell for cell in cells) and not isinstance(cells, str)


def records(lines: Lines, text: Iterator[str], **form: Any) -> Iterator[Record]:
    """Each record that is not empty, with the line on which it begins."""
    reader = csv.reader(text, **form)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            lines.take()
            yield line, f"not a record of a table ({error}); is a quote left open?"
            continue
        if lines.flaw:
            yield line, lines.take()
        elif any(cells):
            yield line, cells
