"""Files that appear whole, and can be taken up again."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import claim, coded, report
from tocsin.errors import UsageError
from tocsin.exchange import AcledCsv, Format, GeoJson, JsonLines
from tocsin.model import Coded
from tocsin.output import PartFile, Stream
from tocsin.run import piece

RUN = {"version": "1", "inputs": ["a"]}
REPORTS = [coded(*[claim()] * (number % 3), id=f"r{number}") for number in range(7)]
FORMS = [JsonLines(), AcledCsv(), GeoJson()]


def whole(form: Format) -> str:
    """What an undisturbed run writes."""
    file = io.StringIO()
    stream = Stream(file, form)
    for each in REPORTS:
        stream.write(each.report, piece(each, form))
    stream.finish()
    return file.getvalue()


def some(out: Path, form: Format, count: int, resume: bool | None = None) -> PartFile:
    """Write this many of the reports that are still to do, and stop."""
    part = PartFile(out, form, RUN, resume)
    by_id = {each.report.id: each for each in REPORTS}
    todo = part.unwritten(each.report for each in REPORTS)
    for _, each in zip(range(count), todo, strict=False):
        part.write(each, piece(by_id[each.id], form))
    return part


@pytest.mark.parametrize("form", FORMS)
def test_file_appears_only_when_it_is_whole(form: Format, tmp_path: Path) -> None:
    """Until then there is OUT.part; afterwards nothing but OUT."""
    out = tmp_path / "out"
    part = some(out, form, 7)
    assert not out.exists()
    part.finish()
    assert out.read_text() == whole(form)
    assert list(tmp_path.iterdir()) == [out]


@settings(max_examples=25, deadline=None)
@given(form=st.sampled_from(FORMS), before=st.integers(0, 6), cut=st.integers(0, 400), journal_cut=st.integers(0, 60))
def test_taken_up_again_it_is_the_same_file(
    form: Format, before: int, cut: int, journal_cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Wherever the run was stopped, half-written lines are dropped and the result is the undisturbed one."""
    out = tmp_path_factory.mktemp("resume") / "out"
    some(out, form, before).close()
    for path, lost in ((out.with_name("out.part"), cut), (out.with_name("out.part.journal"), journal_cut)):
        path.write_bytes(path.read_bytes()[: max(200, path.stat().st_size - lost)])
    again = some(out, form, 100)
    again.finish()
    assert out.read_text() == whole(form)
    assert again.tally.reports == len(REPORTS)


def test_nothing_is_coded_twice(tmp_path: Path) -> None:
    """Reports in the part file are not handed out again."""
    some(tmp_path / "out", JsonLines(), 4).close()
    part = PartFile(tmp_path / "out", JsonLines(), RUN)
    assert part.resumed
    assert part.tally.reports == 4
    assert [each.id for each in part.unwritten(each.report for each in REPORTS)] == ["r4", "r5", "r6"]
    part.close()


def test_another_run_is_not_taken_up(tmp_path: Path) -> None:
    """Other inputs, options or version: from the start; so with --restart."""
    out = tmp_path / "out"
    some(out, JsonLines(), 4).close()
    other = PartFile(out, JsonLines(), {**RUN, "version": "2"})
    assert not other.resumed
    other.close()
    restarted = PartFile(out, JsonLines(), {**RUN, "version": "2"}, resume=False)
    assert not restarted.resumed
    restarted.close()


def test_resume_needs_something_to_resume(tmp_path: Path) -> None:
    """--resume without a part file is a mistake worth telling."""
    with pytest.raises(UsageError, match="Leave out --resume"):
        PartFile(tmp_path / "out", JsonLines(), RUN, resume=True)


@pytest.mark.parametrize("changed", [REPORTS[1:], [coded(text="Another text.", id="r0")], []])
def test_changed_input_is_noticed(changed: list[Coded], tmp_path: Path) -> None:
    """A part file of other reports is not continued; the message says how to go on."""
    out = tmp_path / "out"
    some(out, JsonLines(), 4).close()
    part = PartFile(out, JsonLines(), RUN)
    with pytest.raises(UsageError, match="--restart"):  # noqa: PT012  reading and finishing are one act
        list(part.unwritten(each.report for each in changed))
        part.finish()
    part.close()
    assert not out.exists()


def test_folder_must_exist(tmp_path: Path) -> None:
    """Said before an hour of coding, not after."""
    with pytest.raises(UsageError, match="folder that exists"):
        PartFile(tmp_path / "no" / "out", JsonLines(), RUN)


def test_lone_surrogates_can_be_written(tmp_path: Path) -> None:
    """Half a character from broken JSON does not end the run."""
    part = PartFile(tmp_path / "out", JsonLines(), RUN)
    odd = replace(REPORTS[1], report=report(id="x\ud800"))
    part.write(odd.report, piece(odd, JsonLines()))
    part.finish()
    assert json.loads((tmp_path / "out").read_bytes())["id"] == "x\ud800"
