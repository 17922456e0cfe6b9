"""The tables, the same on SQLite and PostgreSQL.

`change` is the clock: a row with `since` <= c and (`until` is null or c < `until`) held at change c.
Dates are ISO text; what is not one of ACLED's 31 columns lies in `detail` as JSON.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Float, Index, Integer, MetaData, Table, Text, text

from tocsin.codebook import COLUMNS

VERSION = "0007"  # the newest migration

INTEGERS = {"year", "time_precision", "iso", "geo_precision", "fatalities"}
WIDE = {"timestamp"}
FLOATS = {"latitude", "longitude"}
ACLED = COLUMNS
BODY = ACLED[1:]  # an event's id is its own column

IN_ORDER = ("substr(id, 1, 3)", "(CAST(substr(id, 4) AS INTEGER))")  # of events: country code, number

metadata = MetaData()


def _body() -> list[Column[Any]]:
    """The coded columns of a claim or an event."""
    return [Column(name, _type(name)) for name in BODY] + [Column("detail", Text, nullable=False)]


def _type(name: str) -> Any:
    if name in FLOATS:
        return Float(53)
    return BigInteger if name in WIDE else Integer if name in INTEGERS else Text


def _span() -> list[Column[Any]]:
    return [Column("since", Integer, nullable=False), Column("until", Integer)]


def _texts(*names: str) -> list[Column[Any]]:
    return [Column(name, Text) for name in names]


change = Table(
    "change",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    *_texts("at", "kind", "who", "why"),
)
source = Table(
    "source",
    metadata,
    Column("id", Text, primary_key=True),
    *_texts("name", "scale", "country", "lang", "party", "first_seen"),
)
report = Table(
    "report",
    metadata,
    Column("id", Text, primary_key=True),
    Column("change", Integer, nullable=False),
    *_texts("text", "title", "published", "url", "lang", "source", "source_scale", "copy_of", "signature"),
)
band = Table(  # parts of report signatures: reports that share one may be copies
    "band",
    metadata,
    Column("value", BigInteger, primary_key=True, autoincrement=False),
    Column("report_id", Text, primary_key=True),
)
claim = Table(
    "claim",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False),
    *_texts("report_id", "dataset", "row_id", "made_by"),
    Column("position", Integer),
    *_span(),
    Column("first", Integer),
    Column("last", Integer),
    *_body(),
    Index("claim_key", "key", unique=True),
    Index("claim_report", "report_id"),
    Index("claim_near", "first", "latitude"),
)
decision = Table(
    "decision",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    *_span(),
    *_texts("who", "kind", "claim", "other", "event_id", "field", "value", "why"),
)
_version = [("version", Integer), ("since", Integer), ("why", Text), ("cause", Text)]
event = Table(
    "event",
    metadata,
    Column("id", Text, primary_key=True),
    *(Column(name, kind, nullable=False) for name, kind in _version),
    *_body(),
    Index("event_country_date_type", "country", "event_date", "event_type"),
    Index("event_date", "event_date"),
    Index("event_since", "since"),
    Index("event_order", *(text(part) for part in IN_ORDER)),
)
event_past = Table(
    "event_past",
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    *(Column(name, kind, nullable=False) for name, kind in _version[1:]),
    *_body(),
    Column("until", Integer, nullable=False),
    *_texts("merged_into", "gone_why", "gone_cause"),  # gone_why: set on the last version before a tombstone
    Index("event_past_since", "since", "until"),
)
member = Table(
    "member",
    metadata,
    Column("event_id", Text, nullable=False),
    Column("claim_id", BigInteger, nullable=False),
    *_span(),
    Index("member_claim", "claim_id"),
    Index("member_event", "event_id"),
)
anchor = Table(
    "anchor",
    metadata,
    Column("claim_id", BigInteger, primary_key=True, autoincrement=False),
    Column("event_id", Text, nullable=False),
)
counter = Table("counter", metadata, Column("iso3", Text, primary_key=True), Column("last", Integer, nullable=False))
release = Table(
    "release",
    metadata,
    Column("name", Text, primary_key=True),
    Column("change", Integer, nullable=False),
    *_texts("at", "policy", "hash", "about"),
    Column("rows", Integer, nullable=False),
)
feed = Table(
    "feed",
    metadata,
    Column("url", Text, primary_key=True),
    *_texts("kind", "etag", "last_modified", "fetched", "next", "problem"),
    Column("failures", Integer, nullable=False, default=0),
)
doubt = Table(  # what waits for a person: a value, or a whole event, that is not published until somebody decides
    "doubt",
    metadata,
    Column("id", Text, primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("claim", "field", "claims")),
    Column("event_id", Text),
    *(Column(name, Float(53), nullable=False) for name in ("confidence", "worth")),
    Index("doubt_claim", "claim"),
    Index("doubt_worth", "worth", "id"),
)
registry_edit = Table(  # what people say of actors; a row with the newest `since` is how things are
    "registry_edit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    *_span(),
    *_texts("kind", "name", "value"),  # kind: group (name: its id; value: JSON), ignore (name: what is no actor)
)
# -- who may do what on a server, and what was done there. None of it is a fact about events, so none of it is a change.
person = Table(
    "person",
    metadata,
    Column("name", Text, primary_key=True),
    *_texts("role", "password", "since", "until"),  # password: an Argon2 hash; until: no longer let in
)
login = Table(  # sessions of browsers
    "login",
    metadata,
    Column("id", Text, primary_key=True),  # hash of what the cookie says
    *_texts("person", "csrf", "since", "until"),
)
token = Table(  # of programs
    "token",
    metadata,
    Column("id", Text, primary_key=True),  # hash of the token
    *_texts("person", "name", "kind", "scopes", "since", "until", "used"),
)
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    *_texts("at", "who", "what", "about", "address"),
)
task = Table(  # what a person is asked to look at; a `batch` that two people get is coded blind
    "task",
    metadata,
    Column("id", Integer, primary_key=True),
    *_texts("batch", "about", "person", "since", "until"),
    Index("task_person", "person", "until"),
)
answer = Table(  # what a person said of a field of a task
    "answer",
    metadata,
    Column("task_id", Integer, primary_key=True, autoincrement=False),
    Column("field", Text, primary_key=True),
    *_texts("value", "at"),
)
setting = Table("setting", metadata, Column("key", Text, primary_key=True), *_texts("value"))

FOR_READING = tuple(  # the indexes that writing does without
    index for table in (claim, event, member) for index in sorted(table.indexes, key=lambda index: str(index.name))
    if not index.unique
)  # fmt: skip
