"""How a server is asked: forms of the request, refusals, patience, limits, the cache. The server is a real one."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from llm_server import Say, Served, event, serving, settings
from tocsin.errors import SourceError, StopError
from tocsin.llm.book import Book, Reply
from tocsin.llm.prompt import Request, schema
from tocsin.llm.server import DIALECTS, Server

ASKED = Request("You code.", "Gunmen killed six.", "key")
GOOD = Say([event({"killed": "killing"})])
NO, GONE = Say(status=500), Say(status=503)


def ask(served: Served, folder: Path, pauses: list[float] | None = None, **more: Any) -> Reply:
    given = settings(served.url, folder, **more)
    return Server(given, Book(given.cache), wait=(pauses if pauses is not None else []).append).ask(ASKED)


def test_the_request_is_what_the_servers_know(tmp_path: Path) -> None:
    """Address, model, messages, temperature 0, seed, limit, form; the key only as it should go."""
    with serving(GOOD) as served:
        ask(served, tmp_path, key="secret", answer=700)
    [body], [headers] = served.asked, served.headers
    assert served.paths == ["/v1/chat/completions"]
    assert body["messages"] == ASKED.messages
    assert (body["model"], body["temperature"], body["seed"], body["max_tokens"]) == ("m", 0, 1, 700)
    assert body["response_format"]["json_schema"]["schema"] == schema()
    assert headers["Authorization"] == "Bearer secret"


def test_without_a_key_none_is_sent(tmp_path: Path) -> None:
    with serving(GOOD) as served:
        ask(served, tmp_path)
    assert "Authorization" not in served.headers[0]


FORMS = ["json_schema", "json_object", "json_object", None]


@pytest.mark.parametrize("refused", range(4))
@pytest.mark.parametrize("status", [400, 422, 500])
def test_a_server_that_refuses_a_form_is_asked_in_another(tmp_path: Path, refused: int, status: int) -> None:
    """In the order of DIALECTS; the one that works is remembered for the next process."""
    with serving(*[Say(status=status)] * refused, GOOD) as served:
        ask(served, tmp_path)
        ask(served, tmp_path)
    assert served.forms == [*FORMS[: refused + 1], FORMS[refused]]
    assert Book(tmp_path / "llm.sqlite").dialect(settings(served.url, tmp_path)) == DIALECTS[refused]
    assert ("schema" in served.asked[-1].get("response_format", {})) == (refused == 1)


def test_a_form_that_is_no_longer_taken_is_given_up(tmp_path: Path) -> None:
    """The server behind the address may be another one today."""
    with serving(GOOD, NO, NO, GOOD) as served:
        ask(served, tmp_path)
        ask(served, tmp_path)
    assert Book(tmp_path / "llm.sqlite").dialect(settings(served.url, tmp_path)) == DIALECTS[2]


def unsupported(field: str, other: str = "") -> Say:
    message = f"Unsupported parameter: '{field}' is not supported with this model." + (f" Use '{other}'." * bool(other))
    return Say(status=400, body=json.dumps({"error": {"message": message}}).encode())


def test_fields_that_a_model_does_not_take_are_left_out_from_then_on(tmp_path: Path) -> None:
    """Newer models have another name for the limit and no temperature."""
    refusals = [unsupported("max_tokens", "max_completion_tokens"), unsupported("temperature")]
    with serving(*refusals, GOOD) as served:
        ask(served, tmp_path, answer=700)
        ask(served, tmp_path, answer=700)
    assert served.forms == ["json_schema"] * 4
    for body in served.asked[2:]:
        assert body["max_completion_tokens"] == 700
        assert not {"max_tokens", "temperature"} & set(body)
        assert body["seed"] == 1


def test_a_server_that_refuses_all_costs_the_report(tmp_path: Path) -> None:
    said = Say(status=400, body=json.dumps({"error": {"message": "context length\nexceeded " + "x" * 999}}).encode())
    with serving(said) as served, pytest.raises(SourceError, match="refuses the request: 400 context length exceeded"):
        ask(served, tmp_path)


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
def test_a_busy_server_is_asked_again_after_longer_and_longer_pauses(tmp_path: Path, status: int) -> None:
    pauses: list[float] = []
    with serving(*[Say(status=status)] * 3, GOOD) as served:
        ask(served, tmp_path, pauses, pause_s=1.0)
    assert served.forms == ["json_schema"] * 4
    assert [pause for pause in pauses if pause] == [1.0, 2.0, 4.0]


def test_what_the_server_says_about_waiting_is_kept_to(tmp_path: Path) -> None:
    """Up to a minute."""
    pauses: list[float] = []
    later = [Say(status=429, headers={"Retry-After": text}) for text in ("7", "9999", "soon")]
    with serving(*later, GOOD) as served:
        ask(served, tmp_path, pauses, pause_s=1.0)
    assert [pause for pause in pauses if pause] == [7.0, 60.0, 4.0]


@pytest.mark.parametrize(
    ("say", "error", "said"),
    [
        (Say(status=401), StopError, "TOCSIN_LLM_KEY is not accepted"),
        (Say(status=403), StopError, "may not do this"),
        (Say(status=404), StopError, "check --llm-url"),
        (Say(status=402), StopError, "no credit"),
        (Say(status=429), StopError, "in 2 tries"),
        (Say(status=503), SourceError, "in 2 tries: it answers 503"),
        (Say(status=307, headers={"Location": "http://127.0.0.1:9/v1"}), StopError, "sends us elsewhere"),
        (Say(body=b"x" * 4_100_000), SourceError, "more than 4,000,000 bytes"),
    ],
)
def test_what_ends_the_run_and_what_costs_a_report(tmp_path: Path, say: Say, error: type[Exception], said: str) -> None:
    """A key that is refused will be so for every report; a broken answer need not be."""
    with serving(say) as served, pytest.raises(error, match=said):
        ask(served, tmp_path, tries=2)


def test_a_slow_server_costs_the_report(tmp_path: Path) -> None:
    with serving(Say(delay_s=0.5)) as served, pytest.raises(SourceError, match=r"no answer within 0.1 s"):
        ask(served, tmp_path, timeout_s=0.1, tries=2)
    assert len(served.asked) == 2


def test_a_server_that_is_not_there_ends_the_run(tmp_path: Path) -> None:
    with serving(GOOD) as served:
        pass
    with pytest.raises(StopError, match="cannot be reached"):
        ask(served, tmp_path, tries=2)


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"{}", b'{"choices": []}', b'{"choices": [{"message": {"content": null}}]}', b"\xff\xfe",
     b'{"choices": [{"message": {"content": ["a"]}}], "usage": 3}', b"[" * 100_000, b'{"choices": [7]}'],
)  # fmt: skip
def test_a_body_that_says_nothing_is_an_empty_answer(tmp_path: Path, body: bytes) -> None:
    with serving(Say(body=body)) as served:
        assert ask(served, tmp_path).content == ""


def test_an_address_that_is_none_ends_the_run(tmp_path: Path) -> None:
    given = settings("http://a b/v1", tmp_path, tries=1)
    with pytest.raises(StopError):
        Server(given, Book(given.cache)).ask(ASKED)


def test_tokens_are_those_that_the_server_counts_or_our_guess(tmp_path: Path) -> None:
    with serving(Say(content="x" * 64, usage={"prompt_tokens": 7, "completion_tokens": 5}), Say(usage={})) as served:
        counted, guessed = ask(served, tmp_path), ask(served, tmp_path)
    assert (counted.sent, counted.received) == (7, 5)
    assert guessed.sent > 5
    assert guessed.received > 2
    assert Book(tmp_path / "llm.sqlite").spent("r") == (2, 7 + guessed.sent, 5 + guessed.received)


def test_the_budget_ends_the_run_before_it_is_passed(tmp_path: Path) -> None:
    """The last call starts only if the whole answer still fits."""
    with serving(Say(GOOD.events, usage={"prompt_tokens": 400, "completion_tokens": 100})) as served:
        limits = {"budget": 1200, "answer": 300}
        ask(served, tmp_path, **limits)
        ask(served, tmp_path, **limits)
        with pytest.raises(StopError, match="1,000 tokens used"):
            ask(served, tmp_path, **limits)
        ask(served, tmp_path, run="another", **limits)
    assert len(served.asked) == 3


def test_calls_are_limited_tries_counted(tmp_path: Path) -> None:
    with serving(GONE, GOOD) as served:
        ask(served, tmp_path, calls=2)
        with pytest.raises(StopError, match="the 2 calls"):
            ask(served, tmp_path, calls=2)


def test_calls_keep_to_the_rate(tmp_path: Path) -> None:
    """The first at once, each further one a gap after the one before, whoever makes it."""
    pauses: list[float] = []
    with serving(GOOD) as served:
        for _ in range(3):
            ask(served, tmp_path, pauses, per_minute=6)
    assert pauses[0] == 0
    assert 9 < pauses[1] <= 10
    assert 19 < pauses[2] <= 20


def test_limits_hold_for_several_at_once(tmp_path: Path) -> None:
    """Ten threads with ten budgets in one file make five calls."""
    given = settings("http://127.0.0.1:1/v1", tmp_path, calls=5)
    allowed: list[float] = []

    def take() -> None:
        with suppress(StopError):
            allowed.append(Book(given.cache).take(given, 10))

    threads = [threading.Thread(target=take) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(allowed) == 5


def test_the_first_answer_to_a_request_stays(tmp_path: Path) -> None:
    book = Book(tmp_path / "new" / "llm.sqlite")
    for content in ("one", "two"):
        book.keep("key", "m", Reply(content, False, 1, 1))
    assert book.answer("key") == Reply("one", False, 1, 1)
    assert book.answer("other") is None


def test_a_cache_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "llm.sqlite").write_text("not a database, but quite long enough to be looked at as one")
    with pytest.raises(StopError, match="--llm-cache"):
        Book(tmp_path / "llm.sqlite").answer("key")
