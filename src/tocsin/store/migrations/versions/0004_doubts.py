"""What is withheld waits for a person."""

from alembic import op
from sqlalchemy import Column, Float, Text

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "doubt",
        Column("id", Text, primary_key=True),
        *(Column(name, Text, nullable=False) for name in ("claim", "field", "claims")),
        Column("event_id", Text),
        *(Column(name, Float(53), nullable=False) for name in ("confidence", "worth")),
    )
    op.create_index("doubt_claim", "doubt", ["claim"])
    op.create_index("doubt_worth", "doubt", ["worth", "id"])


def downgrade() -> None:
    op.drop_table("doubt")
