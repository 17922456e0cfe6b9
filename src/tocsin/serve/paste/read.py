"""What a person pastes becomes reports, coded; and what is wanted goes into the database.

In:  Given: a text, a file or a page that was fetched, and what the person says about it.
Out: the reports with events, rejected mentions and issues; nothing is kept. `added` keeps one.
Runs in the coder's process (coder.py): the tools are loaded there, and hostile files are opened there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tocsin.acquire import Options, kinds, reports
from tocsin.acquire.draft import Draft
from tocsin.acquire.inputs import finished, page_draft
from tocsin.acquire.options import Format
from tocsin.acquire.web import Page
from tocsin.errors import SourceError
from tocsin.model import Issue, Report

if TYPE_CHECKING:
    from tocsin.registry.tables import Group

LARGEST = 5_000_000  # bytes of a file or a page
LONGEST = 60_000  # characters of one report; the longest of news agencies and monitors have 30,000
MOST = 10  # reports of one file
LANGUAGES = {"en": "English", "fr": "French"}
LIST = "this is a list of reports, not a report; give the address of one, or `tocsin watch` the list"


@dataclass(frozen=True, slots=True)
class Given:
    """One of `data` (a file, or a text as one) and `page`. `name`: of the file. The rest is what the person says."""

    data: bytes = b""
    name: str = ""
    page: Page | None = None
    title: str | None = None
    source: str | None = None
    published: date | None = None
    lang: str | None = None

    def options(self, kind: Format) -> Options:
        return Options(self.published, self.lang, self.source, self.title, max_bytes=LARGEST, in_format=kind)


@dataclass(frozen=True, slots=True)
class Pasted:
    """A report as coded: the output line of `tocsin code`, its parts by name."""

    report: Report
    events: list[dict[str, Any]]
    rejected: list[dict[str, Any]]
    issues: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """All of a paste. `problems`: why a report is not among them."""

    pasted: list[Pasted] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def day_of(text: str) -> date | None:
    """The day that a person wrote, if any; SourceError if it is none."""
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise SourceError(f"published: found {text[:40]!r}, expected a day such as 2024-03-12.") from None


def ready() -> bool:
    """Load what every text needs."""
    from tocsin.run import code

    code(Report("ready", "Soldiers clashed with rebels near the town.", lang="en"))
    return True


def coded(given: Given, groups: tuple[Group, ...] = ()) -> Outcome:
    """All reports of what was given, coded. `groups`: what people say of actors in this database."""
    from tocsin.exchange.event import to_json
    from tocsin.run import code

    found = Outcome()
    for item in _reports(given):
        if len(found.pasted) == MOST:
            found.problems.append(f"Only the first {MOST} reports are shown; `tocsin add` takes files of any size.")
            break
        if isinstance(item, Issue):
            if item.level == "error":
                found.problems.append(item.message)
        elif len(item.text) > LONGEST:
            found.problems.append(f"The text has {len(item.text):,} characters, here {LONGEST:,} are read at most; "
                                  "give a part of it, or the file to `tocsin add`.")  # fmt: skip
        else:
            line = to_json(code(item, groups=groups))
            found.pasted.append(Pasted(item, line["events"], line["rejected"], line["issues"]))
    return found


def added(address: str, report: Report) -> list[str]:
    """The report goes into the database, as `tocsin add` does it; what went wrong."""
    from tocsin.project import add
    from tocsin.store import open_store

    said: list[Issue] = []
    with open_store(address) as store:
        add(store, [report], notice=said.append)
    return [issue.message for issue in said if issue.level == "error"]


def _reports(given: Given) -> Iterator[Report | Issue]:
    """A list would have its links fetched: that is not for this page."""
    if _is_list(given):
        yield Issue("error", "acquire", LIST)
    elif given.page:
        options = given.options("auto")
        yield from finished(_drafts(given.page, options), given.page.url, options)
    else:
        with TemporaryDirectory(prefix="tocsin-") as folder:
            path = Path(folder) / "given"
            path.write_bytes(given.data)
            yield from reports([str(path)], given.options(_kind(given)))


def _drafts(page: Page, options: Options) -> Iterator[Draft | Issue]:
    yield page_draft(page, page.url, options)


def _is_list(given: Given) -> bool:
    body = given.page.body if given.page else given.data
    return kinds.by_name(given.name) == "feed" or kinds.listing_root(body) is not None


def _kind(given: Given) -> Format:
    """Said outright, so that nothing is fetched whatever is in the file."""
    kind = kinds.by_name(given.name) or kinds.by_content(given.data.lstrip().partition(b"\n")[0])
    return "text" if kind == "feed" else kind
