"""The platform's role that a server gives the people who mentor in it; none unless an admin chooses one."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("workspaces", sa.Column("mentor_role_id", sa.String(length=40), nullable=True))


def downgrade() -> None:
    """Go back to the previous revision. Members keep the role they have on the platform."""
    op.execute("ALTER TABLE workspaces DROP COLUMN mentor_role_id")
