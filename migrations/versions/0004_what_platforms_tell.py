"""Keep people's zone and own channel as the platform tells them, so it isn't asked with every message."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("people_settings", sa.Column("platform_zone", sa.String(length=64), nullable=True))
    op.add_column("people_settings", sa.Column("direct_id", sa.String(length=100), nullable=True))


def downgrade() -> None:
    """Back. The platform is asked again."""
    for name in ("direct_id", "platform_zone"):
        # By hand: a table SQLite rebuilds would lose its CHECKs.
        op.execute(f"ALTER TABLE people_settings DROP COLUMN {name}")
