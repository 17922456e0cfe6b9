"""People, their sessions and tokens, the log of what was done on a server, tasks and answers of coders."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

TABLES = {
    "person": ("name", "role", "password", "since", "until"),
    "login": ("id", "person", "csrf", "since", "until"),
    "token": ("id", "person", "name", "kind", "scopes", "since", "until", "used"),
}


def upgrade() -> None:
    for name, (key, *texts) in TABLES.items():
        op.create_table(name, sa.Column(key, sa.Text, primary_key=True), *(sa.Column(text, sa.Text) for text in texts))
    number = sa.Column("id", sa.Integer, primary_key=True)
    op.create_table("audit", number, *(sa.Column(name, sa.Text) for name in ("at", "who", "what", "about", "address")))
    number = sa.Column("id", sa.Integer, primary_key=True)
    op.create_table("task", number, *(sa.Column(n, sa.Text) for n in ("batch", "about", "person", "since", "until")))
    op.create_index("task_person", "task", ["person", "until"])
    op.create_table(
        "answer",
        sa.Column("task_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("field", sa.Text, primary_key=True),
        sa.Column("value", sa.Text),
        sa.Column("at", sa.Text),
    )


def downgrade() -> None:
    for name in ("answer", "task", "audit", *TABLES):
        op.drop_table(name)
