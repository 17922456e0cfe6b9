"""Events are read in the order of country code and number."""

from alembic import op
from sqlalchemy import text

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_index("event_order", "event", [text("substr(id, 1, 3)"), text("(CAST(substr(id, 4) AS INTEGER))")])


def downgrade() -> None:
    op.drop_index("event_order", "event")
