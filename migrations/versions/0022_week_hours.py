"""Hours of single weeks that differ from a plan's usual ones. A plan from before has none."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column to one table."""
    op.add_column("plans", sa.Column("week_hours", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Go back to the previous revision. Every week has the usual hours again once its plan is laid out."""
    op.execute("ALTER TABLE plans DROP COLUMN week_hours")
