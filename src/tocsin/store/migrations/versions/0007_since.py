"""Find what is new since a change without a look at all events."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_index("event_since", "event", ["since"])


def downgrade() -> None:
    op.drop_index("event_since", "event")
