"""Drafts, the last minutes of conversations, and the server someone's direct messages are about."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _workspace() -> tuple[sa.Column[int], sa.Column[str]]:
    return (
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=100), nullable=False),
    )


def _belongs_to_workspace(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id"], ["workspaces.id"], name=op.f(f"fk_{table}_workspace_id"), ondelete="CASCADE"
    )


def upgrade() -> None:
    """Create three tables."""
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(length=24), nullable=False),
        *_workspace(),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _belongs_to_workspace("drafts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    op.create_index(op.f("ix_drafts_created_at"), "drafts", ["created_at"])
    op.create_index(op.f("ix_drafts_workspace_id"), "drafts", ["workspace_id"])
    op.create_table(
        "conversations",
        sa.Column("id", sa.Integer(), nullable=False),
        *_workspace(),
        sa.Column("channel_id", sa.String(length=100), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        _belongs_to_workspace("conversations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sa.UniqueConstraint(
            "workspace_id", "user_id", "channel_id", name=op.f("uq_conversations_workspace_id_user_id_channel_id")
        ),
    )
    op.create_index(op.f("ix_conversations_updated_at"), "conversations", ["updated_at"])
    op.create_table(
        "dm_workspaces",
        sa.Column("id", sa.Integer(), nullable=False),
        *_workspace(),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        _belongs_to_workspace("dm_workspaces"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dm_workspaces")),
        sa.UniqueConstraint("workspace_id", "user_id", name=op.f("uq_dm_workspaces_workspace_id_user_id")),
    )
    op.create_index(op.f("ix_dm_workspaces_user_id"), "dm_workspaces", ["user_id"])


def downgrade() -> None:
    """Drop them. What they hold is short-lived, or asked again."""
    for table in ("dm_workspaces", "conversations", "drafts"):
        op.drop_table(table)
