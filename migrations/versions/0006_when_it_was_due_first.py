"""A message that is sent after all, later, keeps the time at which it was due first."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("deliveries", sa.Column("first_due_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Back. Of what was sent after all, only that time is known then."""
    # By hand: a table that SQLite makes anew would lose its CHECKs.
    op.execute("ALTER TABLE deliveries DROP COLUMN first_due_at")
