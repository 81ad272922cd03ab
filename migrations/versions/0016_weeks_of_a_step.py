"""The fewest weeks a step takes, from its first hour to its last."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column. The steps so far have no minimum."""
    op.add_column("steps", sa.Column("weeks", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    """Go back to the previous revision. Plans are laid out without a minimum again."""
    op.execute("ALTER TABLE steps DROP COLUMN weeks")
