"""Channels where the bot doesn't answer mentions, and the permissions that a workspace's admins have been told are missing."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a table and a column."""
    op.create_table(
        "muted_channels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.String(length=100), nullable=False),
        sa.Column("channel_name", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_muted_channels_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_muted_channels")),
        sa.UniqueConstraint("workspace_id", "channel_id", name=op.f("uq_muted_channels_workspace_id_channel_id")),
    )
    op.add_column("workspaces", sa.Column("missing_told", sa.String(length=1000), nullable=True))


def downgrade() -> None:
    """Go back to the previous revision. Mentions are answered everywhere again."""
    op.execute("ALTER TABLE workspaces DROP COLUMN missing_told")
    op.drop_table("muted_channels")
