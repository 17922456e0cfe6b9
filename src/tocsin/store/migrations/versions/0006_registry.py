"""What people say of actors, used by the coder from then on."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "registry_edit",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("since", sa.Integer, nullable=False),
        sa.Column("until", sa.Integer),
        *(sa.Column(name, sa.Text) for name in ("kind", "name", "value")),
    )


def downgrade() -> None:
    op.drop_table("registry_edit")
