"""Keep when a workspace removed the bot, and which application serves it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two columns."""
    op.add_column("workspaces", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("workspaces", sa.Column("app_id", sa.String(length=100), nullable=True))


def downgrade() -> None:
    """Go back to the previous revision. Messages to removed workspaces are tried again."""
    op.execute("ALTER TABLE workspaces DROP COLUMN app_id")
    op.execute("ALTER TABLE workspaces DROP COLUMN removed_at")
