"""Keep what was before: when a message was due that's resent, and why it hadn't come; the break before a plan's change."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("deliveries", sa.Column("first_due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("deliveries", sa.Column("given_up", sa.String(length=300), nullable=True))
    op.add_column("plan_changes", sa.Column("paused_until", sa.Date(), nullable=True))


def downgrade() -> None:
    """Back. What was sent after all counts from then."""
    # By hand: a table SQLite rebuilds would lose its CHECKs.
    for table, name in (("plan_changes", "paused_until"), ("deliveries", "given_up"), ("deliveries", "first_due_at")):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
