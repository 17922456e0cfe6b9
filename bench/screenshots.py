"""Every page of the server as people see it, so that somebody looks at each.

In:  `python -m bench.screenshots --out docs/figures/pages [--database sahel.db] [--only desk]`.
Out: PAGE-SCREEN-THEME.png: each page at 1280x800 and on a phone, light and dark, of a copy of the database; without
     one, of the bundled example reports.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import tocsin
from tocsin.store import create_store, open_store

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from looked import SAID, SMALL, THEMES, WIDE, addresses, opened, visit
from served import Served, chromium, serving

SCREENS = {"desktop": WIDE, "phone": SMALL}
HOME = {"/": "explore"}
STATED = "It was one of at least 2 attacks in Burkina Faso in May, and the closest to the capital since 2020."
FORMS = (("paste", "#paste-form", ".coded-event"), ("check", "#check-form", ".verdict"))


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--out", type=Path, required=True)
    asked.add_argument("--database", type=Path)
    asked.add_argument("--only", help="part of the page's name")
    given = asked.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    from playwright.sync_api import sync_playwright

    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        store = stack.enter_context(open_store(str(filled(given.database, folder))))
        served = stack.enter_context(serving(store))
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for screen in SCREENS:
            for theme in THEMES:
                shoot(served, browser, given.out, screen, theme, given.only)
        browser.close()


def filled(database: Path | None, folder: Path) -> Path:
    """A copy of the database; or one of the bundled reports, with what is not sure left for the desk."""
    found = folder / (database.name if database else "example.db")
    if database:
        return Path(shutil.copy(database, found))
    create_store(str(found)).close()
    examples = Path(tocsin.__file__).parent / "examples"
    command = [sys.executable, "-m", "tocsin", "add", str(found), str(examples), "--min-confidence", "0.8"]
    subprocess.run(command, check=True, capture_output=True)
    return found


def shoot(served: Served, browser: Any, out: Path, screen: str, theme: str, only: str | None) -> None:
    """Each page once."""
    with opened(browser, SCREENS[screen], theme) as page:
        for path in addresses(served):
            name = HOME.get(path) or re.sub(r"[^a-z]+", "-", path.lower().split("%")[0]).strip("-")
            if only is None or only in name:
                visit(page, served, path)
                page.screenshot(path=out / f"{name}-{screen}-{theme}.png")
        for name, form, shown in FORMS:
            if only is None or only in f"{name}-found":
                visit(page, served, f"/{name}")
                page.fill("#text", f"{SAID} {STATED}")
                page.fill("#published", "2023-05-05")
                page.click(f"{form} button.main")
                page.locator(shown).first.scroll_into_view_if_needed()
                page.screenshot(path=out / f"{name}-found-{screen}-{theme}.png")


if __name__ == "__main__":
    main()
