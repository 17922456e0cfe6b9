"""The same work on many items, over processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import tocsin
from tocsin.errors import DataError
from tocsin.pool import AHEAD, CHUNK, Lost, ordered

SOURCE = Path(tocsin.__file__).parents[1]


def double(number: int) -> int:
    return 2 * number


def moody(number: int) -> int:
    """Fails on 5, and takes its process with it on 11."""
    if number == 5:
        raise ValueError("no fives")
    if number == 11:
        os._exit(9)
    return 2 * number


def broken_data(number: int) -> int:
    raise DataError("a.toml:1: found x, expected y")


@pytest.mark.parametrize("jobs", [1, 2, 3])
@pytest.mark.parametrize("count", [0, 1, 50])
def test_order_is_kept_whatever_the_number_of_processes(jobs: int, count: int) -> None:
    """One process or three: the same pairs in the same order."""
    assert list(ordered(range(count), double, jobs)) == [(number, 2 * number) for number in range(count)]


def test_what_breaks_on_one_item_costs_that_item_only() -> None:
    """An exception and a dead process are told; all others have their result."""
    found = dict(ordered(range(40), moody, 2))
    assert found.pop(5) == Lost("ValueError: no fives")
    dead = found.pop(11)
    assert isinstance(dead, Lost)
    assert "process ended" in dead.error
    assert found == {number: 2 * number for number in range(40) if number not in (5, 11)}


@pytest.mark.parametrize("jobs", [1, 2])
def test_wrong_data_file_stops_all(jobs: int) -> None:
    """What is wrong for every report is not blamed on each."""
    with pytest.raises(DataError, match=r"a\.toml:1"):
        list(ordered(range(40), broken_data, jobs))


def test_input_is_read_only_a_little_ahead() -> None:
    """Memory stays flat: a long input is not taken in at once."""
    taken = 0

    def numbers() -> Iterator[int]:
        nonlocal taken
        for number in range(10_000):
            taken += 1
            yield number

    results = ordered(numbers(), double, 2)
    for _ in range(20):
        next(results)
    assert taken <= 20 + CHUNK * (2 * AHEAD + 1)
    results.close()  # type: ignore[attr-defined]


def test_processes_end_with_the_first_one(tmp_path: Path) -> None:
    """kill -9 leaves nobody behind."""
    script = tmp_path / "long_run.py"
    script.write_text(
        textwrap.dedent(
            """
            import os, time
            from tocsin.pool import ordered
            def slow(n):
                os.write(1, b"%d\\n" % os.getpid())
                time.sleep(0.05)
                return n
            if __name__ == "__main__":
                list(ordered(range(10_000), slow, 2))
            """
        )
    )
    run = subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(SOURCE)}
    )
    assert run.stdout is not None
    workers = {int(run.stdout.readline()) for _ in range(20)}
    run.send_signal(signal.SIGKILL)
    run.wait()
    deadline = time.monotonic() + 10
    while any(_is_alive(pid) for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    run.stdout.close()
    assert not [pid for pid in workers if _is_alive(pid)]


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat")
        return not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False
