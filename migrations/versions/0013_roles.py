"""The role a person, or a whole workspace, has chosen to learn. Without a choice, it's the bot's default, as before."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column to two tables."""
    for table in ("workspaces", "people"):
        op.add_column(table, sa.Column("role", sa.String(length=48), nullable=True))


def downgrade() -> None:
    """Go back to the previous revision. Everybody learns the bot's default role again; plans for others are kept."""
    for table in ("people", "workspaces"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN role")
