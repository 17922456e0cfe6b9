"""What the server can be asked to do in the background: add reports, look at the feeds, link all claims anew.

In:  a Store, and what was sent to be added.
Out: the work as `jobs.Jobs` takes it; each does what the command of that name does.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from sqlalchemy import func, select

from tocsin import follow, project
from tocsin.acquire import Options, reports
from tocsin.acquire.polite import Guest
from tocsin.errors import SourceError
from tocsin.model import Issue, Report
from tocsin.pool import cores
from tocsin.serve.admin.jobs import Job, Work
from tocsin.store import Store, schema
from tocsin.store.errors import told
from tocsin.store.lookup import known_addresses

UNPACKED = 4_000_000_000  # bytes of one archive at most, when it is unpacked
EVERY = timedelta(minutes=15)


def add(store: Store, folder: Path, options: Options) -> Work:
    """Add the reports in a folder, which is removed afterwards."""

    def work(job: Job) -> str:
        try:
            known = replace(options, known=lambda url: bool(known_addresses(store, [url])))
            found = job.each(_here(_inputs(folder, known), folder))
            done = project.add(store, found, jobs=max(2, cores() - 1), notice=job.notice)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        parts = (("added", done.reports), ("copies among them", done.copies), ("known already", done.known),
                 ("claims", done.claims), ("not to be read", done.failed))  # fmt: skip
        return "Reports: " + ", ".join(f"{count} {what}" for what, count in parts) + "."

    return work


def _inputs(folder: Path, options: Options) -> Iterator[Report | Issue]:
    for path in sorted(folder.iterdir()):
        name = str(path)
        if path.suffix.lower() == ".zip":
            try:
                name = str(_unpacked(path))
            except (SourceError, BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
                yield Issue("error", "acquire", f"the archive cannot be unpacked: {error}", name)
                continue
        yield from reports([name], options)


def _unpacked(path: Path) -> Path:
    """The folder of what is in the archive. No name leads out of it: zipfile sees to that."""
    folder = path.with_name(f"{path.stem} unpacked")
    with ZipFile(path) as archive:
        if sum(each.file_size for each in archive.infolist()) > UNPACKED:
            raise SourceError(f"it holds more than {UNPACKED:,} bytes")
        archive.extractall(folder)
    return folder


def _here(items: Iterator[Report | Issue], folder: Path) -> Iterator[Report | Issue]:
    """Files by the names under which they were sent."""
    for item in items:
        if isinstance(item, Issue) and item.where:
            item = replace(item, where=item.where.replace(f"{folder}/", ""))
        yield item


def watch(store: Store) -> Work:
    """One round over the feeds that are due."""

    def work(job: Job) -> str:
        done = follow.watch(store, Guest(Options()), EVERY, datetime.now(UTC), notice=job.notice, step=job.step)
        failed = f", {len(done.failed)} of them could not be had" if done.failed else ""
        return f"Feeds looked at: {len(done.states)}{failed}; reports added: {done.tally.reports}."

    return work


def link(store: Store) -> Work:
    """All claims anew, in one change."""

    def work(job: Job) -> str:
        c = schema.claim.c
        with told(store.name), store.engine.connect() as connection:
            job.of = connection.scalar(select(func.count(c.country.distinct())).where(c.until.is_(None)))
        return f"Events after linking: {project.link_all(store, step=job.step)}."

    return work
