"""The steps of a plan that a card about the week is made of. A plan from before has none on record, so it's read whole."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column to one table."""
    op.add_column("plans", sa.Column("week_steps", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Go back to the previous revision. Plans are read whole again."""
    op.execute("ALTER TABLE plans DROP COLUMN week_steps")
