"""Every page of the server as a person opens it: its address, what to wait for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from served import Served
from tocsin.serve.pages import MENU
from tocsin.serve.routes import ROUTERS

THEMES = ("light", "dark")
WIDE, SMALL = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
MORE = ("/login", "/account", "/actors/unknown", "/places/unknown", "/admin/feeds", "/admin/jobs", "/admin/audit",
        "/admin/backups", "/analyse?question=trend&every=week", "/analyse?question=actors", "/nowhere")  # fmt: skip
SAID = ("Gunmen on motorbikes killed six farmers in Titao, northern Burkina Faso, on Tuesday, officials said. "
        "The government denied that soldiers had shot civilians in Arbinda last month.")  # fmt: skip


def addresses(served: Served) -> list[str]:
    """One of each page that is there."""
    rows = [row for row in served.store.events() if row["location"] and row["actor1"]]
    row = max(rows, key=lambda row: row["fatalities"] or 0)
    [(name, _)] = Counter(row["actor1"] for row in rows).most_common(1)
    there = {route.path for router in ROUTERS for route in router.routes if "GET" in (route.methods or ())}  # type: ignore[attr-defined]
    fixed = [path for path in (*(path for _, path in MENU), *MORE)
             if path.partition("?")[0] in there or path == "/nowhere"]  # fmt: skip
    named = quote(name, safe="")
    found = [("/event/{event_id}", f"/event/{row['event_id_cnty']}"), ("/actors/{name:path}", f"/actors/{named}"),
             ("/places/{location:path}", f"/places/{quote(row['location'], safe='')}")]  # fmt: skip
    return fixed + [path for route, path in found if route in there]


@contextmanager
def opened(browser: Any, size: dict[str, int], theme: str = "light", **options: Any) -> Iterator[Any]:
    """A page of a new person at a screen of this size; at the end its `asked` and `complaints` are told."""
    context = browser.new_context(viewport=size, color_scheme=theme, reduced_motion="reduce", **options)
    context.set_default_timeout(90_000)  # the first text that is coded waits for the models; machines may be busy
    page = context.new_page()
    page.asked, page.complaints = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on(
        "console", lambda said: page.complaints.append(f"{page.url}: {said.text}") if said.type == "error" else None
    )
    page.on("pageerror", lambda error: page.complaints.append(f"{page.url}: {error}"))
    yield page
    context.close()


def visit(page: Any, served: Served, path: str) -> None:
    """Go there and wait until all is shown."""
    page.goto(served.address + path)
    page.wait_for_load_state("networkidle")
    if page.locator("#map").count():
        page.locator("#map").scroll_into_view_if_needed()
        page.wait_for_selector("#map[data-events]")
        page.evaluate("scrollTo(0, 0)")
    if path.startswith("/?") or path == "/":
        page.wait_for_selector("#page:not(:empty)")
