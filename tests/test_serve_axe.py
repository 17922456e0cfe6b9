"""axe-core finds no serious violation of accessibility on any page, light or dark; no page complains or asks another
host. The rules are those of tests/data/axe (Mozilla Public License 2.0)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from looked import SAID, SMALL, THEMES, WIDE, addresses, opened, visit
from served import Served

AXE = (Path(__file__).parent / "data" / "axe" / "axe.min.js").read_text(encoding="utf-8")
GRAVE = ("serious", "critical")
NOT_FOUND = "404 (Not Found)"  # what the browser says of a page that is not there


def violations(page: Any) -> list[str]:
    """What is grave, each with the first elements concerned."""
    page.add_script_tag(content=AXE)
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    return [f"{page.url} {each['id']}: {each['help']}: {[node['html'][:120] for node in each['nodes'][:3]]} "
            f"{each['nodes'][0].get('failureSummary', '')[:200]}"
            for each in found if each["impact"] in GRAVE]  # fmt: skip


@pytest.mark.parametrize("theme", THEMES)
def test_every_page_can_be_used_by_everybody(desk: Served, browser: Any, theme: str) -> None:
    found = []
    with opened(browser, WIDE, theme, bypass_csp=True) as page:
        for path in addresses(desk):
            visit(page, desk, path)
            found += violations(page)
        visit(page, desk, "/paste")
        page.fill("#text", SAID)
        page.fill("#published", "2023-05-05")
        page.click("#paste-form button.main")
        page.wait_for_selector(".coded-event")
        found += violations(page)
        visit(page, desk, "/check")
        page.fill("#text", f"{SAID} There were at least 2 attacks in Burkina Faso in May 2023.")
        page.fill("#published", "2023-05-25")
        page.click("#check-form button.main")
        page.wait_for_selector(".verdict")
        found += violations(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["desktop", "phone"])
def test_no_page_complains_asks_another_host_or_is_wider_than_the_screen(
    desk: Served, browser: Any, theme: str, size: dict[str, int]
) -> None:
    wide = []
    with opened(browser, size, theme) as page:
        for path in addresses(desk):
            visit(page, desk, path)
            if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
                wide.append(path)
        complaints = [each for each in page.complaints if NOT_FOUND not in each]
        abroad = [url for url in page.asked if not url.startswith((desk.address, "data:", "blob:"))]
    assert (wide, complaints, abroad) == ([], [], [])
