"""The levels saved together with a plan, so undoing the plan takes them back. Earlier changes have none on record."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column to one table."""
    op.add_column("plan_changes", sa.Column("levels", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Go back to the previous revision. Undoing a plan leaves its levels again."""
    op.execute("ALTER TABLE plan_changes DROP COLUMN levels")
