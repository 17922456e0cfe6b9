"""The admin's pages and everybody's account: people, feeds, jobs, backups, the audit log."""

from __future__ import annotations

import io
import re
import shutil
import sqlite3
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher

from served import PASSWORD, PEOPLE, REPORTS, Served, serving
from tocsin.serve import Settings
from tocsin.serve.access import people
from tocsin.serve.access.login import NAMES, TRIES
from tocsin.serve.access.people import Person, put_person
from tocsin.serve.access.rights import COOKIE
from tocsin.serve.admin import backup
from tocsin.serve.admin.jobs import INTERRUPTED, Job, Jobs
from tocsin.store import open_store, schema

PAGES = ("/admin", "/admin/feeds", "/admin/jobs", "/admin/backups", "/admin/audit", "/account")


@pytest.fixture
def office(example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """As for all tests, but passwords are hashed for less long."""
    monkeypatch.setattr(people, "_hasher", lambda: PasswordHasher(time_cost=1, memory_cost=64))
    for limit in (TRIES, NAMES):
        limit.clear()
    with open_store(str(shutil.copy(example, tmp_path / "office.db"))) as store:
        for name, role in PEOPLE.items():
            put_person(store, name, role, PASSWORD)
        with serving(store, Settings(login=True)) as running:
            yield running


def session(served: Served, name: str, role: str) -> httpx.Client:
    secret, csrf = people.log_in(served.store, Person(name, role))
    return httpx.Client(
        base_url=served.address, cookies={COOKIE: secret}, headers={"x-csrf-token": csrf}, follow_redirects=True,
        timeout=30,
    )  # fmt: skip


def done(client: httpx.Client) -> dict[str, Any]:
    """The newest job, when it has ended."""
    end = monotonic() + 60
    while (job := client.get("/admin/jobs/state").json()[0])["open"]:
        assert monotonic() < end, job
        sleep(0.05)
    return dict(job)


# -- people


def test_somebody_is_let_in_gets_another_role_is_shut_out_and_let_in_again(office: Served) -> None:
    form = {"name": "nadia", "role": "reader", "password": PASSWORD}
    with session(office, "adam", "admin") as adam, httpx.Client(base_url=office.address) as nadia:
        assert "Let in nadia." in adam.post("/admin/people/add", data=form).text
        login = {"name": "nadia", "password": PASSWORD}
        assert nadia.post("/login", data=login).status_code == 303
        assert "Changed the role" in adam.post("/admin/people/role", data={"name": "nadia", "role": "coder"}).text
        assert people.by_password(office.store, "nadia", PASSWORD) == Person("nadia", "coder")
        adam.post("/admin/people/out", data={"name": "nadia"})
        assert nadia.post("/login", data=login).status_code == 403
        adam.post("/admin/people/in", data={"name": "nadia"})
        assert nadia.post("/login", data=login).status_code == 303
        told = adam.get("/admin/audit?who=adam").text
    assert "let in again" in told
    assert told.count("nadia") >= 4


@pytest.mark.parametrize(
    ("do", "form", "said"),
    [("out", {"name": "adam"}, "only admin"), ("role", {"name": "adam", "role": "reader"}, "only admin"),
     ("add", {"name": "RITA", "password": PASSWORD}, "there already"),
     ("add", {"name": "x", "password": "short"}, "10 to 200"),
     ("add", {"name": " ", "password": PASSWORD}, "name"), ("role", {"name": "rita", "role": "king"}, "king"),
     ("role", {"name": "nobody", "role": "coder"}, "not among")],
)  # fmt: skip
def test_what_cannot_be_is_explained(office: Served, do: str, form: dict[str, str], said: str) -> None:
    before = people.people(office.store)
    with session(office, "adam", "admin") as adam:
        answer = adam.post(f"/admin/people/{do}", data=form)
    assert answer.status_code == 422
    assert said in answer.text
    assert people.people(office.store) == before


# -- the account


def test_a_new_password_needs_the_old_and_ends_other_sessions(office: Served) -> None:
    new = {"old": PASSWORD, "password": "quite another one", "again": "quite another one"}
    with session(office, "rita", "reader") as rita, session(office, "rita", "reader") as elsewhere:
        assert rita.post("/account/password", data={**new, "old": "wrong"}).status_code == 403
        assert rita.post("/account/password", data={**new, "again": "typed wrong"}).status_code == 422
        answer = rita.post("/account/password", data=new, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/account?changed=password")
        anew = httpx.get(f"{office.address}/account?changed=password", cookies=dict(answer.cookies))
        assert "Your password is changed" in anew.text
        assert elsewhere.get("/account").status_code == 401
    assert people.by_password(office.store, "rita", "quite another one")


def test_a_token_is_shown_once_serves_and_ends(office: Served) -> None:
    with session(office, "rita", "reader") as rita, session(office, "carl", "coder") as carl:
        page = rita.post("/account/tokens", data={"name": "weekly <b>", "scope": "read", "days": "30"}).text
        token = re.search(r'id="token">([^<]+)<', page)
        assert token
        bearer = {"authorization": f"Bearer {token[1]}"}
        assert httpx.get(f"{office.address}/api/acled/read?limit=1", headers=bearer).status_code == 200
        again = rita.get("/account").text
        assert token[1] not in again
        assert "weekly &lt;b&gt;" in again
        (held,) = people.tokens(office.store, "rita")
        carl.post("/account/tokens/end", data={"token": held["id"]})  # not his
        assert people.tokens(office.store, "rita")
        rita.post("/account/tokens/end", data={"token": held["id"]})
    assert httpx.get(f"{office.address}/api/acled/read", headers=bearer).status_code == 401


# -- feeds


def test_feeds_are_followed_shown_with_their_health_and_stopped(office: Served) -> None:
    with session(office, "adam", "admin") as adam:
        assert "a.example/feed" in adam.post("/admin/feeds/add", data={"addresses": "https://a.example/feed\n"}).text
        for wrong in ("/etc/passwd", "file:///etc/passwd", "https://a.example/x\n/home/feeds.opml", ""):
            assert adam.post("/admin/feeds/add", data={"addresses": wrong}).status_code == 422
        adam.post("/admin/feeds/add", data={"addresses": f"{office.address}/feed"})
        adam.post("/admin/jobs/start/watch")
        assert done(adam)["state"] == "done"
        page = adam.get("/admin/feeds").text
        assert "failed 1 time" in page
        assert "private address" in page, "the server fetched from its own network"
        adam.post("/admin/feeds/stop", data={"address": "https://a.example/feed"})
    assert [row["url"] for row in office.store.table(schema.feed)] == [f"{office.address}/feed"]


# -- jobs


def archive(**files: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, text in files.items():
            made.writestr(name.replace("__", "."), text)
        made.writestr("../../escaped.txt", REPORTS[2][3])
    return out.getvalue()


def test_files_and_archives_are_added_in_the_background(office: Served, tmp_path: Path) -> None:
    text = "Gunmen killed four farmers in Djibo, Burkina Faso, on 3 May 2023, officials said."
    files = [("files", ("../../a b.txt", text)), ("files", ("no.pdf", b"not a pdf")),
             ("files", ("many.zip", archive(b__txt=text.replace("four", "six"), c__xyz="?")))]  # fmt: skip
    before = office.store.counts()["report"]
    with session(office, "adam", "admin") as adam:
        page = adam.post("/admin/jobs/add", files=files, data={"source": "Radio Test", "published": "2023-05-05"}).text
        assert "Add reports" in page
        job = done(adam)
        page = adam.get("/admin/jobs").text  # loaded anew
    assert (job["state"], job["who"]) == ("done", "adam")
    assert office.store.counts()["report"] == before + 2, job  # one of the archive's is known
    assert any("no.pdf" in each for each in job["problems"])
    assert not any("/tmp" in each for each in job["problems"])
    assert job["said"] in page
    assert not list(tmp_path.rglob("escaped.txt"))
    assert {row["source"] for row in office.store.claims_where(schema.claim.c.source == "Radio Test")} == {"Radio Test"}


def test_all_claims_are_linked_anew(office: Served) -> None:
    with session(office, "adam", "admin") as adam:
        adam.post("/admin/jobs/start/link")
        job = done(adam)
    assert (job["state"], job["of"]) == ("done", 3)
    assert "4" in job["said"]


def test_one_job_at_a_time_and_the_one_that_waits_can_be_stopped(office: Served) -> None:
    order: list[str] = []
    go = threading.Event()

    def first(job: Job) -> str:
        order.append("first begins")
        go.wait(10)
        order.append("first ends")
        return "done"

    def second(job: Job) -> str:
        order.append("second")
        return "done"

    jobs = Jobs(office.store)
    made = [jobs.put("link", "", "t", work) for work in (first, second, second)]
    jobs.stop(made[1].id)
    go.set()
    wait_for(made)
    assert order == ["first begins", "first ends", "second"]
    assert [job.state for job in made] == ["done", "stopped", "done"]


def test_a_job_that_is_stopped_keeps_what_is_whole_and_leaves_nothing_half_done(office: Served) -> None:
    jobs, begun = Jobs(office.store), threading.Event()

    def work(job: Job) -> str:
        for _ in range(10_000):
            begun.set()
            sleep(0.001)
            job.step()
        return "all of it"

    job = jobs.put("add", "", "t", work)
    assert begun.wait(10)
    jobs.stop(job.id)
    wait_for([job])
    assert job.state == "stopped"
    assert 0 < job.count < 10_000


def test_what_a_restart_interrupts_is_told(office: Served) -> None:
    never = threading.Event()
    jobs = Jobs(office.store)
    running = jobs.put("add", "a.txt", "adam", lambda job: str(never.wait(20)))
    end = monotonic() + 10
    while running.state == "waiting" and monotonic() < end:
        sleep(0.01)
    jobs.put("link", "", "adam", lambda job: "never")
    with serving(office.store, Settings(login=True)) as anew, session(anew, "adam", "admin") as adam:
        told = adam.get("/admin/jobs/state").json()
        assert [(job["kind"], job["state"]) for job in told] == [("link", INTERRUPTED), ("add", INTERRUPTED)]
        assert "start it again" in adam.get("/admin/jobs").text
    never.set()
    jobs.close()


def test_a_fault_in_a_job_is_told_without_its_reasons(office: Served) -> None:
    def broken(job: Job) -> str:
        raise RuntimeError("secret")

    jobs = Jobs(office.store)
    job = jobs.put("link", "", "t", broken)
    wait_for([job])
    assert job.state == "failed"
    assert "secret" not in job.said


def wait_for(jobs: list[Job]) -> None:
    end = monotonic() + 20
    while any(job.is_open for job in jobs):
        assert monotonic() < end, jobs
        sleep(0.01)


# -- backups


def test_a_copy_is_whole_while_others_write(office: Served, tmp_path: Path) -> None:
    stop = threading.Event()
    written: list[int] = []

    def write() -> None:
        while not stop.is_set():
            people.note(office.store, "writer", "wrote", str(len(written)))
            written.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with session(office, "adam", "admin") as adam:
            answer = adam.post("/admin/backups/copy")
            assert "office-" in adam.get("/admin/backups").text
    finally:
        stop.set()
        writer.join()
    path = tmp_path / "copy.db"
    path.write_bytes(answer.content)
    with sqlite3.connect(path) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with open_store(str(path)) as copied:
        assert list(copied.events()) == list(office.store.events())
    assert not list(Path(office.store.name).parent.glob(".tocsin-copy-*"))


def test_a_copy_waits_for_no_writer_and_no_writer_for_it(office: Served, tmp_path: Path) -> None:
    with office.store.change("add", "t", "a long change") as change:
        change.put(schema.setting, key="half", value="done")
        made = backup.copied(Path(office.store.name), tmp_path / "copy.db")
    with open_store(str(made)) as copied:
        assert copied.row(schema.setting, "half") is None


# -- the audit log


def test_the_audit_log_is_shown_page_by_page_and_of_one_person(office: Served) -> None:
    for number in range(150):
        people.note(office.store, "carl" if number % 2 else "rita", "accept", f"about {number}")
    with session(office, "adam", "admin") as adam:
        first = adam.get("/admin/audit").text
        older = re.search(r'href="(/admin/audit\?[^"]*before=\d+)"', first)
        assert older
        second = adam.get(older[1].replace("&amp;", "&")).text
        alone = adam.get("/admin/audit?who=carl").text
    assert ("about 149" in first, "about 20<" in first, "about 20<" in second) == (True, False, True)
    assert ("about 149" in alone, "about 148" in alone) == (True, False)


# -- in the browser


def test_the_jobs_page_follows_a_job_by_itself(office: Served, browser: Any) -> None:
    secret, _ = people.log_in(office.store, Person("adam", "admin"))
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.add_cookies([{"name": COOKIE, "value": secret, "url": office.address}])
    page = context.new_page()
    page.goto(f"{office.address}/admin/jobs")
    file = {"name": "news.txt", "mimeType": "text/plain", "buffer": REPORTS[0][3].replace("seven", "eight").encode()}
    page.set_input_files("#files", [file])
    page.click("form[enctype] button")
    page.wait_for_selector(".job .state.done", timeout=30_000)
    assert "1 added" in page.inner_text(".job")
    for path in PAGES:
        page.goto(office.address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        assert page.locator(f"a[href='{path}'][aria-current=page]").count(), path
    context.close()


def test_without_login_the_pages_say_so(desk: Served) -> None:
    assert "Nobody logs in" in httpx.get(f"{desk.address}/admin").text
    assert "Nobody logs in" in httpx.get(f"{desk.address}/account").text
