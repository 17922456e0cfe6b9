"""Events of one country, month and type are found without reading those of other types."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_index("event_country_date_type", "event", ["country", "event_date", "event_type"])
    op.drop_index("event_country_date", "event")


def downgrade() -> None:
    op.create_index("event_country_date", "event", ["country", "event_date"])
    op.drop_index("event_country_date_type", "event")
