"""Count how long people haven't been heard from, so the bot can stop asking.

Everyone starts at zero. `asked_week` is a date long past for people who are here already: their older check-ins carry no week,
so the bot has to ask before one of them may skip the present week.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("people", sa.Column("silent_weeks", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("people", sa.Column("asked_week", sa.Date(), nullable=True))
    op.execute("UPDATE people SET asked_week = '2000-01-03'")


def downgrade() -> None:
    """Back."""
    # By hand: a table SQLite rebuilds would lose its CHECKs.
    for name in ("asked_week", "silent_weeks"):
        op.execute(f"ALTER TABLE people DROP COLUMN {name}")
