"""What the store promises, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text
from sqlalchemy import event as listening

from factories import report
from tocsin.errors import UsageError
from tocsin.store import Change, Cluster, Filter, Store, create_store, open_store, report_id
from tocsin.store.schema import VERSION, metadata


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    with create_store(address) as made:
        yield made


def row(n: int = 0, **changes: Any) -> dict[str, Any]:
    return {
        "event_date": "2024-03-11", "year": 2024, "time_precision": 1, "event_type": "Battles", "country": "Mali",
        "latitude": 15.0, "longitude": -2.0, "geo_precision": 1, "location": "Dano", "notes": f"Note {n}",
        "fatalities": n, "confidence": {"fatalities": 0.5}, "dataset": "d", "row_id": str(n), **changes,
    }  # fmt: skip


def put(store: Store, *rows: dict[str, Any]) -> list[str]:
    with store.change("add", "t", "t") as change:
        return change.put_claims(rows)


def group(store: Store, *groups: tuple[str, ...], **changes: Any) -> list[str]:
    with store.change("link", "t", "t") as change:
        return apply(change, *groups, **changes)


def apply(change: Change, *groups: tuple[str, ...], **changes: Any) -> list[str]:
    return change.apply_events([Cluster(keys, row(**changes), "why", f"cause {keys[0]}") for keys in groups])


def ids(store: Store, **wanted: Any) -> list[str]:
    return [event["event_id_cnty"] for event in store.events(Filter(**wanted))]


def test_a_report_is_kept_once(store: Store) -> None:
    with store.change("add", "t", "t") as change:
        assert change.put_report(report("A")) == (report_id("A"), True)
        assert change.put_report(report("A")) == (report_id("A"), False)
    assert store.counts()["report"] == 1


def test_what_fails_leaves_nothing(store: Store) -> None:
    def fail() -> None:
        with store.change("add", "t", "t") as change:
            apply(change, tuple(change.put_claims([row()])))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert not any(store.counts().values())


def test_what_is_written_is_read_after_opening_again(store: Store, address: str) -> None:
    [key] = put(store, row(1))
    assert group(store, (key,)) == ["MLI1"]
    with open_store(address) as again:
        event = again.event("MLI1")
        [claim] = again.claims([key])
    assert event is not None
    assert (event["notes"], event["confidence"]) == ("Note 0", {"fatalities": 0.5})
    assert (claim["fatalities"], claim["row_id"]) == (1, "1")


def test_a_merge_leaves_a_tombstone_and_a_split_gives_the_id_back(store: Store) -> None:
    a, b, c, d = put(store, *map(row, range(4)))
    assert group(store, (a,), (b,), (c,), (d,)) == ["MLI1", "MLI2", "MLI3", "MLI4"]
    assert group(store, (a, b), (c, d)) == ["MLI1", "MLI3"]
    gone = store.history("MLI4")[-1]
    assert (gone.gone, gone.merged_into, gone.cause) == (True, "MLI3", f"cause {c}")
    assert store.members("MLI1") == [a, b]
    assert group(store, (a,), (b,)) == ["MLI1", "MLI2"]
    assert [step.version for step in store.history("MLI2") if not step.gone] == [1, 2]


def test_the_oldest_id_is_the_one_made_first(store: Store) -> None:
    a, b, c = put(store, *map(row, range(3)))
    group(store, (a,), (b,))
    group(store, (c,), country="Togo")
    assert group(store, (b, c)) == ["MLI2"]


def test_an_event_keeps_its_id_when_its_anchor_is_retired(store: Store) -> None:
    a, b, c = put(store, *map(row, range(3)))
    group(store, (a,), (b,))
    group(store, (a, b, c))
    with store.change("again", "t", "t") as change:
        change.retire_claims([a])
        assert apply(change, (b, c)) == ["MLI1"]
    assert store.members("MLI1") == [b, c]
    assert group(store, (b,), (c,)) == ["MLI2", "MLI1"]
    with store.change("again", "t", "t") as change:
        change.restore_claims([a])
        assert apply(change, (a, c)) == ["MLI1"]


def test_a_change_of_claims_alone_is_a_version(store: Store) -> None:
    a, b = put(store, row(0), row(1))
    group(store, (a,))
    group(store, (a, b))
    group(store, (a, b))
    assert [step.version for step in store.history("MLI1")] == [1, 2]


def test_applying_twice_in_one_change_makes_one_version(store: Store) -> None:
    a, b = put(store, row(0), row(1))
    group(store, (a,), (b,))
    with store.change("link", "t", "t") as change:
        apply(change, (a, b), fatalities=5)
        assert apply(change, (a,), (b,), fatalities=6) == ["MLI1", "MLI2"]
    for name in ("MLI1", "MLI2"):
        assert [(step.version, step.gone) for step in store.history(name)] == [(1, False), (2, False)]


def test_an_event_is_not_changed_behind_a_claims_back(store: Store) -> None:
    a, b = put(store, row(0), row(1))
    group(store, (a, b))
    with pytest.raises(UsageError, match="not handed over"):
        group(store, (a,))
    with pytest.raises(UsageError, match="two clusters"):
        group(store, (a, b), (b,))


GROUPS = st.lists(st.integers(0, 3), min_size=6, max_size=6)  # which claim is in which
EVENT_ROW = st.fixed_dictionaries({"country": st.sampled_from(["Mali", "Togo"]), "fatalities": st.integers(0, 1)})


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(GROUPS, st.lists(EVENT_ROW, min_size=1, max_size=2)), min_size=2, max_size=8))
def test_every_past_state_is_read_as_it_was(store: Store, steps: list[tuple[list[int], list[dict[str, Any]]]]) -> None:
    empty(store)
    keys, seen = put(store, *map(row, range(6))), []
    for homes, rows in steps:
        groups = [tuple(key for key, at in zip(keys, homes, strict=True) if at == home) for home in sorted({*homes})]
        with store.change("link", "t", "t") as change:
            for changes in rows:
                apply(change, *groups, **changes)
            seq, at = change.seq, change.at
        events = list(store.events())
        seen.append((seq, at, events, {e["event_id_cnty"]: store.members(e["event_id_cnty"]) for e in events}))
    for seq, at, events, members in seen:
        assert list(store.events(as_of=seq)) == list(store.events(as_of=at)) == events
        assert {name: store.members(name, seq) for name in members} == members
        for event in events:
            assert store.event(event["event_id_cnty"], seq) == event


def empty(store: Store) -> None:
    with store.engine.execution_options(write=True).begin() as connection:
        for table in metadata.sorted_tables:
            connection.execute(table.delete())


@pytest.mark.parametrize("as_of", [None, 2])
def test_a_reader_sees_one_state_whatever_is_written_meanwhile(
    store: Store, address: str, as_of: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tocsin.store.store.STREAM", 2)
    keys = put(store, *map(row, range(20)))
    group(store, *((key,) for key in keys))
    before = list(store.events())
    reading = store.events(as_of=as_of)
    read = [next(reading)]
    with open_store(address) as writer:
        group(writer, *zip(keys[::2], keys[1::2], strict=True), fatalities=9)
    after = list(store.events())
    assert [*read, *reading] == before
    assert (len(after), {event["fatalities"] for event in after}) == (10, {9})


def test_a_history_is_read_in_one_state(store: Store, address: str) -> None:
    """Steps and times are asked for one after the other; a change that comes in between is not seen."""
    [key] = put(store, row())
    group(store, (key,))
    before, asked = store.history("MLI1"), []

    @listening.listens_for(store.engine, "after_cursor_execute")
    def write(connection: object, cursor: object, statement: str, *rest: object) -> None:
        asked.append(statement)
        if statement.startswith("SELECT") and len(asked) < 3:
            with open_store(address) as writer:
                group(writer, (key,), fatalities=len(asked))

    assert store.history("MLI1") == before
    listening.remove(store.engine, "after_cursor_execute", write)
    assert len(store.history("MLI1")) > len(before)


def test_an_older_database_is_migrated_and_says_so(
    store: Store, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    whole = indexes(store)
    put(store, row())
    with store.change("x", "t", "t") as change:
        for statement in (
            *(
                f"DROP TABLE {name}"
                for name in ("doubt", "person", "login", "token", "audit", "task", "answer", "registry_edit")
            ),
            "DROP INDEX event_order",
            "DROP INDEX event_since",
            "DROP INDEX event_country_date_type",
            "CREATE INDEX event_country_date ON event (country, event_date)",
            "UPDATE alembic_version SET version_num = '0001'",
        ):
            change.connection.execute(text(statement))
    with caplog.at_level(logging.WARNING), open_store(address) as again:
        assert (indexes(again), len(again.claims(["d:0"]))) == (whole, 1)
    assert f"from schema 0001 to {VERSION}" in caplog.text


def test_the_first_import_leaves_every_index(store: Store) -> None:
    before = indexes(store)
    for n in range(2):
        with store.change("import", "t", "t") as change:
            assert change.import_rows([row(n)], made_by="m", why="w") == 1
            assert indexes(store, change.connection) == before
    assert "event_order" in before


def indexes(store: Store, connection: Connection | None = None) -> dict[str, str]:
    """The indexes by name, as the database describes them."""
    query = {"sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
             "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"}  # fmt: skip
    with contextlib.nullcontext(connection) if connection else store.engine.connect() as asked:
        rows = asked.execute(text(query[store.engine.dialect.name]))
        return {name: " ".join(words.split()).lower() for name, words in rows}


def test_events_come_by_country_and_number_now_and_then(store: Store) -> None:
    keys = put(store, *map(row, range(12)))
    group(store, *((key,) for key in keys[:11]))
    group(store, (keys[11],), country="Benin")
    expected = ["BEN1", *(f"MLI{n}" for n in range(1, 12))]
    assert ids(store) == expected
    with store.change("link", "t", "t") as change:
        apply(change, (keys[4],), fatalities=9)
        seq = change.seq
    assert [e["event_id_cnty"] for e in store.events(as_of=seq - 1)] == expected
    assert [values[0] for values in store.export_rows(as_of=seq - 1)] == expected


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"country": "Mali"}, "MLI1 MLI2"),
        ({"event_type": "Riots"}, "NER1"),
        ({"since": "2024-03-11", "until": "2024-03-31"}, "MLI1 NER1"),
        ({"near": (15.0, -2.0, 20.0)}, "MLI1"),
        ({"bbox": (-3.0, 14.0, 0.0, 16.0)}, "MLI1 MLI2"),
        ({"fatalities_min": 2}, "MLI2 NER1"),
        ({"actor": "jnim"}, "MLI2"),
        ({"text": "100%"}, "NER1"),
        ({"country": "Mali", "fatalities_min": 3}, ""),
    ],
)
def test_filters(store: Store, wanted: dict[str, Any], found: str) -> None:
    rows = [
        row(1),
        row(2, event_date="2024-04-01", longitude=-1.0, actor2="JNIM: Group"),
        row(3, country="Niger", longitude=9.0, event_type="Riots", notes="100% of it"),
    ]
    with store.change("import", "t", "t") as change:
        change.import_rows(rows, made_by="m", why="w")
    assert " ".join(ids(store, **wanted)) == found


def test_an_import_tells_of_repeated_rows_and_takes_each_once(store: Store) -> None:
    twice: list[str] = []
    for new in (2, 0):
        with store.change("import", "t", "t") as change:
            rows = [row(1), row(2), row(1, notes="later")]
            assert change.import_rows(rows, made_by="m", why="w", twice=twice.append) == new
    assert twice == ["d:1", "d:1"]
    assert [event["notes"] for event in store.events()] == ["Note 1", "Note 2"]
    with pytest.raises(UsageError, match="same dataset and row_id"):
        put(store, row(5), row(5))


def test_decisions_end_and_stay_readable(store: Store) -> None:
    with store.change("decide", "ann", "t") as change:
        number, seq = change.put_decision(who="ann", kind="same", claim="x", other="y", why="seen"), change.seq
    with store.change("undo", "ann", "t") as change:
        change.end_decision(number)
    assert store.decisions() == []
    assert [one["who"] for one in store.decisions(seq)] == ["ann"]


def test_the_decisions_on_some_claims_are_found(store: Store) -> None:
    with store.change("decide", "ann", "t") as change:
        for claim, other, event in (("x", "y", None), ("y", None, "MLI1"), ("z", None, "MLI2"), ("x", None, "MLI1")):
            change.put_decision(who="ann", kind="same", claim=claim, other=other, event_id=event, why="seen")
        gone = change.put_decision(who="ann", kind="same", claim="x", other="z", why="seen")
    with store.change("undo", "ann", "t") as change:
        change.end_decision(gone)

    def found(*keys: str, event_id: str | None = None) -> list[tuple[str, str | None]]:
        return [(row["claim"], row["event_id"]) for row in store.decisions_on(keys, event_id)]

    assert found() == []
    assert found("x") == [("x", None), ("x", "MLI1")]
    assert found("z", event_id="MLI1") == [("y", "MLI1"), ("z", "MLI2"), ("x", "MLI1")]
    assert store.decisions_on(["x"])[0] == store.decisions()[0]


def test_characters_that_databases_refuse(store: Store) -> None:
    with store.change("add", "t", "t") as change:
        change.put_report(report("A\0\ud800é"))
        apply(change, tuple(change.put_claims([row(notes="n\0\udfff", tags="é\0", quotes=["\ud800"])])), notes="a\0b")
        change.put_decision(who="a\0", kind="amend", claim="d:0", why="\ud800")
    assert [event["notes"] for event in store.events()] == ["ab"]
    [claim] = store.claims(["d:0"])
    assert (claim["notes"], claim["tags"], claim["quotes"]) == ("n\ufffd", "é", ["\ufffd"])
