"""Code many reports: acquire, code on all cores, write.

In:  reports and issues as acquire yields them, a format, an output.
Out: the output, byte for byte the same whatever the number of processes; a tally of what was done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from tocsin import __version__
from tocsin.errors import DataError
from tocsin.exchange import Format
from tocsin.model import Coded, Issue, Report
from tocsin.output import Output, Piece, Tally
from tocsin.pool import Lost, ordered

if TYPE_CHECKING:
    from tocsin.code import Tools
    from tocsin.code.found import Finder
    from tocsin.registry.tables import Group


@dataclass(frozen=True, slots=True)
class CodeInto:
    """Code one report and write it down in a format. A value: it can be sent to another process."""

    form: Format
    least: float = 0.0  # confidence below which values are withheld
    finder: Finder | None = None  # None: rules and model together

    def __call__(self, report: Report) -> tuple[Piece, tuple[Issue, ...]]:
        coded = code(report, self.finder, self.least)
        return piece(coded, self.form), coded.issues


def code(report: Report, finder: Finder | None = None, least: float = 0.0, groups: tuple[Group, ...] = ()) -> Coded:
    """One report, without values of less confidence than `least`."""
    from tocsin.code import claims_in
    from tocsin.code.withhold import withhold

    coded = claims_in(report, tools_with(finder, groups))
    return withhold(coded, least) if least else coded


def code_all(
    items: Iterable[Report | Issue],
    form: Format,
    output: Output,
    *,
    jobs: int = 1,
    least: float = 0.0,
    finder: Finder | None = None,
    notice: Callable[[Issue], None] = lambda issue: None,
    step: Callable[[], None] = lambda: None,
) -> Tally:
    """Code all reports into the output, without values of less confidence than `least`.

    `notice` hears issues, `step` is called after each report.
    """
    outside = 0

    def hear(issue: Issue) -> None:
        nonlocal outside
        outside += issue.level == "error"
        notice(issue)

    for report, result in ordered(output.unwritten(_reports(items, hear)), CodeInto(form, least, finder), jobs):
        done, issues = _lost(report, result, form) if isinstance(result, Lost) else result
        for issue in issues:
            if issue.level == "error":  # acquire has said the rest, and the report's line holds it
                notice(issue)
        output.write(report, done)
        step()
    output.finish()
    return output.tally + Tally(failed=outside)


def piece(coded: Coded, form: Format) -> Piece:
    """The coded report in the given format, with what to count."""
    rows = tuple(form.rows(coded))
    left_out = sum(not form.keeps(claim) for claim in coded.claims)
    failed = any(issue.level == "error" for issue in coded.issues)
    return Piece(rows, Tally(1, len(rows), len(coded.claims), left_out, int(failed)))


def _reports(items: Iterable[Report | Issue], hear: Callable[[Issue], None]) -> Iterator[Report]:
    for item in items:
        if isinstance(item, Issue):
            hear(item)
        else:
            yield item


def _lost(report: Report, lost: Lost, form: Format) -> tuple[Piece, tuple[Issue, ...]]:
    """A report on which the coder broke: it has no events, and says so."""
    message = f"Report {report.id} could not be coded ({lost.error}). Please send it to the authors of Tocsin."
    issues = (Issue("error", "code", message, report.url),)
    return piece(Coded(report, (), (), issues), form), issues


def tools_with(finder: Finder | None = None, groups: tuple[Group, ...] = ()) -> Tools:
    """The coder's tools, loaded once in each process for each finder; anew when the user's gazetteer has changed.

    `groups`: actors that the registry of the package lacks or has otherwise.
    """
    from tocsin.locate.mine import stamp

    return _tools(finder, groups, stamp())


@lru_cache(maxsize=6)
def _tools(finder: Finder | None, groups: tuple[Group, ...], places: str) -> Tools:
    if groups:
        tools = _tools(finder, (), places)
        return replace(tools, registry=tools.registry.extended(groups))
    try:
        from tocsin.code import Tools

        return Tools.load(finder=finder)
    except (ImportError, OSError) as error:
        raise DataError(f"Models or tables are missing ({error}). Install Tocsin again: pip install .") from error


@cache
def made_by(finder: Finder | None = None) -> str:
    """What coded: the finder, our version and, of a model of ours, its hash: "both 0.5.0 3f2a9c1d"."""
    finder = finder or tools_with().finder
    weights = getattr(finder, "weights", None)
    return " ".join(filter(None, (finder.name, __version__, weights and _hash(weights))))


def _hash(folder: Path) -> str:
    """The same for the same files."""
    digest = blake2b(digest_size=4)
    for path in sorted(folder.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()
