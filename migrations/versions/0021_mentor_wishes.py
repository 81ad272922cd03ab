"""What a learner would like a mentor's help with. Requests from before say nothing about it."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column to one table."""
    op.add_column("pairings", sa.Column("wish", sa.String(length=200), nullable=True))


def downgrade() -> None:
    """Go back to the previous revision. Requests say nothing about what they're for."""
    op.execute("ALTER TABLE pairings DROP COLUMN wish")
