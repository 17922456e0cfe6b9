"""Read the lines of large files, packed or not, without ever holding one in memory.

In:  the path of a zip archive or a text file.
Out: `Member` values, one for each table in it; of each its lines, block by block.
     SourceError: what cannot be unpacked, or unpacks to far more than any gazetteer.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tocsin.errors import SourceError, UsageError

BLOCK = 1 << 20  # bytes read at once
LONGEST = 1 << 20  # bytes of one line; the longest of GeoNames has some 20,000
MOST_BYTES = 16 << 30  # unpacked; all of GeoNames with all its names has 2.5 GB
MOST_TIMES = 60  # unpacked size over packed size; text shrinks 4 to 10 times
SMALL = 10 << 20  # bytes that nobody needs to worry about, however well they shrink
TABLES = (".txt", ".csv", ".tsv")


@dataclass(frozen=True, slots=True)
class Member:
    """One table: a file, or a file of an archive. `limit`: bytes that it may have, unpacked."""

    name: str
    size: int
    limit: int
    open: Callable[[], IO[bytes]]


@dataclass(frozen=True, slots=True)
class Block:
    """Lines in a row. `first`: number of the first. Not `clean`: some bytes are no UTF-8, and lone surrogates here."""

    first: int
    lines: list[str]
    clean: bool = True


def members(path: Path, any_size: bool = False) -> Iterator[Member]:
    """The tables in a file. `any_size`: without limits."""
    if not path.is_file():
        raise UsageError(f"{path}: no such file. Give a GeoNames dump (ML.zip, allCountries.zip) or a CSV of places.")
    if not zipfile.is_zipfile(path):
        if path.suffix.lower() == ".zip":
            raise SourceError(f"{path}: found no zip archive, expected one; fetch it again.")
        size = path.stat().st_size
        yield Member(str(path), size, size + 1, lambda: path.open("rb"))
        return
    with zipfile.ZipFile(path) as archive:
        tables = [i for i in archive.infolist() if i.filename.lower().endswith(TABLES) and not is_readme(i.filename)]
    if not tables:
        raise SourceError(f"{path}: found no table in it, expected a .txt or .csv such as ML.txt.")
    yield from (packed(path, info, any_size) for info in tables)


def packed(path: Path, info: zipfile.ZipInfo, any_size: bool) -> Member:
    name = f"{path}:{info.filename}"
    if info.flag_bits & 1:
        raise SourceError(f"{name} is encrypted; unpack it and give the text file.")
    limit = 1 << 62 if any_size else min(MOST_BYTES, max(SMALL, info.compress_size * MOST_TIMES))
    return Member(name, info.file_size, limit, lambda: zipfile.ZipFile(path).open(info))


def is_readme(name: str) -> bool:
    return name.rsplit("/", 1)[-1].lower().startswith("readme")


def blocks(member: Member, told: Callable[[int, int], None] = lambda size, lines: None) -> Iterator[Block]:
    """The lines of a table without their ends. `told` hears how many bytes and lines each block had."""
    number, rest, done = 1, b"", 0
    try:
        with closing(member.open()) as file:
            while data := file.read(BLOCK):
                done += len(data)
                if done > member.limit:
                    raise SourceError(
                        f"{member.name}: unpacks to more than {member.limit >> 20} MB, which no gazetteer of that size "
                        "does. Say --any-size if you trust it."
                    )
                *lines, rest = (rest + data).split(b"\n")
                told(len(data), len(lines))
                if len(rest) > LONGEST:
                    raise SourceError(f"{member.name}:{number + len(lines)}: found a line of over 1 MB; is it a table?")
                if lines:
                    yield block_of(number, lines)
                number += len(lines)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise SourceError(f"{member.name}: cannot be unpacked ({error}); fetch it again.") from error
    if rest:
        yield block_of(number, [rest])


def block_of(first: int, lines: list[bytes]) -> Block:
    whole, clean = b"\n".join(lines), True
    try:
        text = whole.decode()
    except UnicodeDecodeError:
        text, clean = whole.decode("utf-8", "surrogateescape"), False
    return Block(first, text.replace("\r", "").split("\n"), clean)


def is_utf8(line: str) -> bool:
    """Were all its bytes UTF-8?"""
    return line.isascii() or not any("\udc80" <= c <= "\udcff" for c in line)
