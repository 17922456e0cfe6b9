"""What the pages say is so."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from command import ATTACK, ENVIRONMENT, Run
from tocsin import cli
from tocsin.analyse.question import NAMES as QUESTIONS
from tocsin.analyse.question import question

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "docs/analyse").glob("*.md")])
PREPARED = (
    "tocsin examples --copy-to my-reports",
    "tocsin examples --copy-to folder",
    "tocsin code folder -o acled.csv",
    "tocsin init sahel.db",
    "tocsin add sahel.db folder",
    "tocsin decide sahel.db accept BFA1",
    "tocsin release sahel.db v2024.02",
)
LASTING = {"serve"}  # goes on until somebody ends it; tests/test_serve.py runs it
COMMANDS = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]


def typed(path: Path) -> Iterator[str]:
    """The blocks of commands of a page, as typed after the prompt, without those that need the network."""
    for block in re.findall(r"```console\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL):
        lines = [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]
        yield "\n".join(line for line in lines if "https://" not in line)


def examples() -> Iterator[tuple[str, str]]:
    for name in sorted({*COMMANDS} - LASTING):
        command = COMMANDS[name]
        yield f"--help of {name}", command.epilog.removeprefix("Example: ")
    for path in PAGES:
        yield from ((path.name, block) for block in typed(path) if block)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files and the database that the pages speak of."""
    folder = tmp_path_factory.mktemp("pages")
    for line in PREPARED:
        subprocess.run([sys.executable, "-m", *shlex.split(line)], cwd=folder, env=ENVIRONMENT, check=True)
    (folder / "article.html").write_bytes((folder / "folder/djibo.html").read_bytes())
    (folder / "reports.jsonl").write_bytes((folder / "folder/reports.jsonl").read_bytes())
    (folder / "article.txt").write_text(ATTACK)
    (folder / "tocsin.toml").write_text('embargo_days = 30\ncoarsen_to = "admin1"\nredact = ["source"]\n')
    return folder


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Path:
    """The prepared folder, to be changed at will."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.mark.parametrize(("where", "block"), list(examples()), ids=lambda text: re.sub(r"\W+", "-", text)[:80])
def test_commands_work(where: str, block: str, run: Run, folder: Path) -> None:
    """Each command in help, README and docs, typed in its order, does what it says, without an error."""
    for line in block.splitlines():
        if line.startswith("tocsin ") and "|" not in line:
            found = run(*shlex.split(line)[1:])
            assert (found.code, "error:" in found.err) == (0, False), f"{where}: {line}: {found.err}"
        else:
            shell = f'tocsin() {{ "{sys.executable}" -m tocsin "$@"; }}; {line}'
            subprocess.run(["bash", "-euc", shell], cwd=folder, env=ENVIRONMENT, check=True, capture_output=True)


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_and_option_is_documented(name: str) -> None:
    """docs/commands.md names each of them in the section of its command."""
    sections = re.split(r"^## ", (ROOT / "docs/commands.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    [section] = [text for text in sections if re.match(rf"`tocsin {name}[ `]", text)]
    options = {option for each in COMMANDS[name].params for option in (*each.opts, *each.secondary_opts)}
    wanted = {option for option in options if option.startswith("-")} - {"--help"}
    assert wanted <= set(re.findall(r"`(-[-a-z0-9]+)`", section))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    """No page links to a file that is not there."""
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []


@pytest.mark.parametrize("path", sorted((ROOT / "docs").glob("*.md")), ids=lambda path: path.name)
def test_index_names_every_page(path: Path) -> None:
    """Every page can be found."""
    index = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    assert path.name == "index.md" or f"]({path.name})" in index


def test_readme_shows_the_real_output(run: Run, folder: Path) -> None:
    """What the README shows is what the command prints; if it changed, paste the new output there."""
    [block] = re.findall(r"```text\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert run("code", "my-reports/djibo.html", "--format", "table").out == block


def test_python_in_the_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """The call shown there prints an event."""
    [block] = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(block, "README.md", "exec"), {})
    assert capsys.readouterr().out == "2024-03-11 Attack Dano 3\n"


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_and_its_options_are_documented(name: str) -> None:
    """Each question has a page that names its options, and the overview links to it."""
    page = (ROOT / f"docs/analyse/{name}.md").read_text(encoding="utf-8")
    wanted = {f"--{option.name.replace('_', '-')}" for option in question(name).options}
    assert wanted <= set(re.findall(r"(--[-a-z0-9]+)", page))
    assert f"analyse/{name}.md" in (ROOT / "docs/analyse.md").read_text(encoding="utf-8")
