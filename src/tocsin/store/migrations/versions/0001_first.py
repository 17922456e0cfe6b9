"""The first schema, as it was then."""

from typing import Any

from alembic import op
from sqlalchemy import BigInteger, Column, Float, Integer, Text

revision = "0001"
down_revision = None

BODY = """event_date year:int time_precision:int disorder_type event_type sub_event_type actor1 assoc_actor_1 inter1
actor2 assoc_actor_2 inter2 interaction civilian_targeting iso:int region country admin1 admin2 admin3 location
latitude:float longitude:float geo_precision:int source source_scale notes fatalities:int tags timestamp:big detail!"""
SPAN = "since:int! until:int"
TABLES = {  # name:kind, text if no kind is given; * primary key, ! never null
    "change": "seq:int* at kind who why",
    "source": "id* name scale country lang party first_seen",
    "report": "id* change:int! text title published url lang source source_scale copy_of signature",
    "band": "value:big* report_id*",
    "claim": f"id:big* key! report_id dataset row_id made_by position:int {SPAN} first:int last:int {BODY}",
    "decision": f"id:int* {SPAN} who kind claim other event_id field value why",
    "event": f"id* version:int! since:int! why! cause! {BODY}",
    "event_past": f"id* version:int* since:int! why! cause! {BODY} until:int! merged_into gone_why gone_cause",
    "member": f"event_id! claim_id:big! {SPAN}",
    "anchor": "claim_id:big* event_id!",
    "counter": "iso3* last:int!",
    "release": "name* change:int! at policy hash about rows:int!",
    "feed": "url* kind etag last_modified fetched next problem failures:int!",
    "setting": "key* value",
}
INDEXES = {
    "claim_report": ("claim", ["report_id"]),
    "claim_near": ("claim", ["first", "latitude"]),
    "event_country_date": ("event", ["country", "event_date"]),
    "event_date": ("event", ["event_date"]),
    "event_past_since": ("event_past", ["since", "until"]),
    "member_claim": ("member", ["claim_id"]),
    "member_event": ("member", ["event_id"]),
}
KINDS: dict[str, Any] = {"": Text, "int": Integer, "big": BigInteger, "float": lambda: Float(53)}


def upgrade() -> None:
    for table, columns in TABLES.items():
        op.create_table(table, *map(_column, columns.split()))
    for name, (table, names) in INDEXES.items():
        op.create_index(name, table, names)
    op.create_index("claim_key", "claim", ["key"], unique=True)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _column(words: str) -> Column[Any]:
    name, _, kind = words.rstrip("*!").partition(":")
    key = words.endswith("*")
    return Column(name, KINDS[kind](), primary_key=key, nullable=words[-1] not in "*!", autoincrement=False)
