"""Cadences with several days, intervals and days off; messages that are paced and merged.

Every change only adds, so that processes of the previous release go on working while a new one is rolled out.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _added() -> list[tuple[str, sa.Column[object]]]:
    return [
        ("workspaces", sa.Column("spread_minutes", sa.Integer(), server_default="0", nullable=False)),
        ("workspaces", sa.Column("country", sa.String(length=10), nullable=True)),
        ("schedules", sa.Column("weekdays", sa.String(length=7), nullable=True)),
        ("schedules", sa.Column("every_weeks", sa.Integer(), server_default="1", nullable=False)),
        ("schedules", sa.Column("starts_on", sa.Date(), nullable=True)),
        ("schedules", sa.Column("ends_on", sa.Date(), nullable=True)),
        ("schedules", sa.Column("pause_until", sa.Date(), nullable=True)),
        ("people_settings", sa.Column("reminders", sa.Boolean(), server_default=sa.true(), nullable=False)),
        ("deliveries", sa.Column("slot_at", sa.DateTime(timezone=True), nullable=True)),
        ("deliveries", sa.Column("merged_into", sa.Integer(), nullable=True)),
    ]


def upgrade() -> None:
    """Forward."""
    for table, column in _added():
        op.add_column(table, column)
    op.create_index("ix_deliveries_merged_into", "deliveries", ["merged_into"])
    op.create_table(
        "days_off",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_days_off_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_days_off"),
        sa.UniqueConstraint("workspace_id", "day", name="uq_days_off_workspace_id_day"),
    )
    op.create_table(
        "buckets",
        sa.Column("name", sa.String(length=250), nullable=False),
        sa.Column("free_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_buckets"),
    )


def downgrade() -> None:
    """Back. Intervals, days off and pauses are lost; a schedule keeps the first of its days."""
    op.drop_table("buckets")
    op.drop_table("days_off")
    op.drop_index("ix_deliveries_merged_into", table_name="deliveries")
    for table, column in reversed(_added()):
        # By hand: a table SQLite rebuilds would lose its CHECKs.
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column.name}")
