"""What is still to be sent to somebody is found without going through all that they have had.

PostgreSQL lets nobody write deliveries while it makes the index, which takes seconds for millions of rows.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_PENDING = sa.text("state = 'pending'")


def upgrade() -> None:
    """Forward."""
    op.create_index(
        "ix_deliveries_pending", "deliveries", ["schedule_id"], sqlite_where=_PENDING, postgresql_where=_PENDING
    )


def downgrade() -> None:
    """Back."""
    op.drop_index("ix_deliveries_pending", table_name="deliveries")
