"""How far a long run has come, on standard error, and nowhere else.

In:  a call for each report done; lines to say.
Out: after a second, on a terminal, a line that counts; said lines above it. Elsewhere only the said lines.
"""

from __future__ import annotations

from time import monotonic
from types import TracebackType

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from tocsin.exchange.text import plain
from tocsin.model import Issue

PATIENCE_S = 1.0  # a run that is done sooner needs no progress


class Counter:
    """Counts reports while it is open."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False, soft_wrap=True)
        self._bar: Progress | None = None
        self._begun, self._done = monotonic(), 0

    def __enter__(self) -> Counter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def step(self) -> None:
        """One more report is done."""
        self._done += 1
        spent = monotonic() - self._begun
        if spent < PATIENCE_S or not self._console.is_terminal:
            return
        if self._bar is None:
            self._bar = _bar(self._console)
        self._bar.update(self._bar.task_ids[0], done=self._done, rate=self._done / spent)

    def notice(self, issue: Issue) -> None:
        """Say what was odd about one input, and where; what is only information is kept for the output."""
        where = f"{issue.where}: " if issue.where and issue.where not in issue.message else ""
        if issue.level != "info":
            self.say(f"{issue.level}: {where}{issue.message}")

    def say(self, line: str) -> None:
        """One line of text for the person who watches."""
        self._console.print(Text(plain(line)))


def _bar(console: Console) -> Progress:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.fields[done]} reports, {task.fields[rate]:.1f} a second"),
        TimeElapsedColumn(),
    )
    bar = Progress(*columns, console=console, transient=True)
    bar.add_task("", total=None, done=0, rate=0.0)
    bar.start()
    return bar
