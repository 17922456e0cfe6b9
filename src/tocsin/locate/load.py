"""Load a gazetteer of the user's own: GeoNames dumps, tables of their codes and names, CSV.

In:  files; which countries and feature classes are wanted.
Out: one SQLite file (user.sql) that replaces the old one when it is whole; `Loaded`. Places of earlier loads stay,
     those added by hand too, and win. Memory stays flat; what is interrupted leaves the old file as it was.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from tocsin.errors import SourceError, UsageError
from tocsin.locate import geonames, sheets
from tocsin.locate.geonames import BadRow, Wanted
from tocsin.locate.make import Loaded, Make
from tocsin.locate.streams import Block, Member, blocks, is_utf8, members

PEEK = 20  # lines that tell what a table is


@dataclass(frozen=True, slots=True)
class Listener:
    """Who hears how a load goes on: a table begins (name, bytes), bytes and lines are read, a row is bad, a step."""

    table: Callable[[str, int], None] = lambda name, size: None
    read: Callable[[int, int], None] = lambda size, lines: None
    bad: Callable[[str], None] = lambda message: None
    step: Callable[[str], None] = lambda what: None


EVERYTHING, NOBODY = Wanted(), Listener()


def load(
    paths: Iterable[Path],
    into: Path,
    wanted: Wanted = EVERYTHING,
    *,
    replace: bool = False,
    any_size: bool = False,
    listener: Listener = NOBODY,
) -> Loaded:
    """Load the files into the gazetteer `into`. `replace`: forget what was loaded before, but not what was added."""
    tables = [(path, member) for path in paths for member in members(path, any_size)]
    with new_file(into) as part, closing(Make(part, into if into.exists() else None, replace)) as make:
        later = []
        for path, member in tables:
            make.begin(path)
            later += take(member, make, wanted, listener)
        for member in later:  # names of places need the places
            take_names(member, make, listener)
        listener.step("Putting names in order")
        return make.finish(repr(sorted(map(sorted, (wanted.countries, wanted.classes)))))


@contextmanager
def new_file(into: Path) -> Iterator[Path]:
    """A file in the making; it gets the name `into` if all goes well."""
    part = into.with_name(into.name + ".part")
    try:
        into.parent.mkdir(parents=True, exist_ok=True)
        clear(part)
    except OSError as error:
        raise UsageError(f"Cannot write {part}: {error.strerror}. Name another file with --gazetteer.") from error
    try:
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(into)
    except sqlite3.OperationalError as error:
        raise SourceError(f"Cannot write {part}: {error}. Nothing has changed; is the disk full?") from error
    finally:
        part.unlink(missing_ok=True)


def clear(part: Path) -> None:
    """Remove what an interrupted load left, but not what a running one writes."""
    try:
        if part.exists():
            with closing(sqlite3.connect(part, timeout=0)) as db:
                db.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise UsageError(f"{part}: another load is writing it; wait until that is done.") from error
    except sqlite3.DatabaseError:
        pass  # half a file
    part.unlink(missing_ok=True)


def take(member: Member, make: Make, wanted: Wanted, listener: Listener) -> list[Member]:
    """Take the rows of one table; a table of names is given back, for later."""
    listener.table(member.name, member.size)
    found = blocks(member, listener.read)
    first = next(found, Block(1, []))
    lines = [line for line in first.lines[:PEEK] if line]
    columns = {line.count("\t") + 1 for line in lines}
    found = chain([first], found)
    if lines and (shape := sheets.header(lines[0])):
        every = (line for block in found for line in block.lines)
        next(every)
        for row in sheets.rows(member.name, every, shape, wanted, partial(say_bad, member, make, listener)):
            make.put(row)
    elif geonames.DUMP in columns:
        each(member, found, make, listener, lambda line: make.put(geonames.dump_row(line, wanted)))
    elif geonames.OTHER_NAMES in columns:
        return [member]
    elif geonames.UNIT_NAMES in columns:
        each(member, found, make, listener, lambda line: make.put_unit(geonames.unit_name(line)))
    else:
        number = lines[0].count("\t") + 1 if lines else 0
        raise SourceError(
            f"{member.name}:1: found {number} columns, expected a table of GeoNames or a header "
            f"with {', '.join(sheets.NEEDED)}."
        )
    return []


def take_names(member: Member, make: Make, listener: Listener) -> None:
    """Other names of places that we have."""
    listener.table(member.name, member.size)
    each(member, blocks(member, listener.read), make, listener, lambda line: make.put_name(geonames.other_name(line)))


def each(member: Member, found: Iterable[Block], make: Make, listener: Listener, put: Callable[[str], object]) -> None:
    """Put every line; name those that are bad."""
    for block in found:
        for number, line in enumerate(block.lines, block.first):
            try:
                if not block.clean and not is_utf8(line):
                    raise BadRow("", "bytes that are no UTF-8", "UTF-8")
                if line:
                    put(line)
            except BadRow as wrong:
                say_bad(member, make, listener, number, wrong)


def say_bad(member: Member, make: Make, listener: Listener, number: int, wrong: BadRow) -> None:
    make.done.bad += 1
    listener.bad(f"{member.name}:{number}: {wrong}")
