"""The fewest weeks a step takes, and the text of a file that shows it's done."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two columns. The steps so far have no minimum and no file."""
    op.add_column("steps", sa.Column("weeks", sa.Integer(), nullable=False, server_default="1"))
    op.add_column(
        "steps", sa.Column("attachment", sa.String(length=10_000), nullable=False, server_default=sa.text("''"))
    )


def downgrade() -> None:
    """Go back to the previous revision. Plans are laid out without a minimum again, and the files are lost."""
    op.execute("ALTER TABLE steps DROP COLUMN attachment")
    op.execute("ALTER TABLE steps DROP COLUMN weeks")
