"""Keep what a workspace lets a language model do, who was told and who declined, and how often it was asked today."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_COLUMNS = ("model_mode", "model_day", "model_calls")


def upgrade() -> None:
    """Add three columns and a table."""
    op.add_column("workspaces", sa.Column("model_mode", sa.String(length=10), nullable=True))
    op.add_column("workspaces", sa.Column("model_day", sa.Date(), nullable=True))
    op.add_column("workspaces", sa.Column("model_calls", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "language_model_users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=100), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declined", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_language_model_users_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_language_model_users")),
        sa.UniqueConstraint("workspace_id", "user_id", name=op.f("uq_language_model_users_workspace_id_user_id")),
    )


def downgrade() -> None:
    """Go back to the previous revision. The model is off everywhere, and nobody has been told about it."""
    op.drop_table("language_model_users")
    for column in _COLUMNS:
        op.execute(f"ALTER TABLE workspaces DROP COLUMN {column}")
