"""Every route of the OpenAPI document, asked with odd values: no fault of the server, nothing undocumented."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from served import PASSWORD, PEOPLE, Served, serving
from tocsin.serve import Settings
from tocsin.serve.access import people
from tocsin.store import open_store

CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
WITHOUT_END = "/api/v1/changes/stream"  # test_serve_api.py listens to it
EXAMPLES = 6
LOGIN = ("nobody", "rita", "carl", "machine")  # nobody; a reader and a coder with tokens; no login on this machine


@pytest.fixture(scope="module")
def machine(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    path = shutil.copy(example, tmp_path_factory.mktemp("fuzz") / "machine.db")
    with open_store(str(path)) as store, serving(store) as running:
        yield running


@pytest.fixture(scope="module")
def guarded(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    path = shutil.copy(example, tmp_path_factory.mktemp("fuzz") / "guarded.db")
    with open_store(str(path)) as store:
        for name in ("rita", "carl"):
            people.put_person(store, name, PEOPLE[name], PASSWORD)
        with serving(store, Settings(login=True)) as running:
            yield running


def routes(served: Served, headers: dict[str, str]) -> Iterator[Any]:
    """The operations of the document. Where people log in, it is not for everybody either."""
    answer = httpx.get(f"{served.address}/api/openapi.json", headers=headers)
    assert answer.status_code == 200
    schema = schemathesis.openapi.from_dict(answer.json())
    schema.config.update(base_url=served.address)
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path != WITHOUT_END:
            yield operation


@pytest.mark.parametrize("who", LOGIN)
def test_no_value_makes_the_server_stumble(who: str, request: pytest.FixtureRequest) -> None:
    served: Served = request.getfixturevalue("machine" if who == "machine" else "guarded")
    headers = {}
    if who in PEOPLE:
        token = people.make_token(served.store, who, "fuzz", scopes=("read", "write"), stay=timedelta(hours=1))
        headers = {"authorization": f"Bearer {token.text}"}
    asked, problems = 0, []
    for operation in routes(served, headers):
        asked += 1
        try:
            ask(operation, headers, 2 if who == "nobody" else EXAMPLES)
        except (AssertionError, BaseExceptionGroup) as error:
            problems.append(f"{operation.method.upper()} {operation.path}: {error}"[:1500])
    assert asked > 30
    assert not problems, "\n\n".join(problems)


def ask(operation: Any, headers: dict[str, str], examples: int) -> None:
    """Values as documented, and others."""
    values = operation.as_strategy() | operation.as_strategy(schemathesis.GenerationMode.NEGATIVE)

    @settings(max_examples=examples, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(values)
    def one(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS, timeout=20)

    one()
