"""Remember exported calendar events, so the next file can change or cancel them, and who wrote a note, so it's their data too."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "calendar_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("step_number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("uid", sa.String(length=100), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("summary", sa.String(length=1100), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("digest", sa.String(length=16), nullable=False),
        sa.CheckConstraint("kind IN ('weeks', 'due')", name=op.f("ck_calendar_events_kind")),
        sa.CheckConstraint("status IN ('CONFIRMED', 'CANCELLED')", name=op.f("ck_calendar_events_status")),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learners.id"], name="fk_calendar_events_learner_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_events"),
        sa.UniqueConstraint("learner_id", "step_number", "kind", name="uq_calendar_events_learner_id_step_number_kind"),
    )
    op.add_column("deliveries", sa.Column("author", sa.String(length=100), nullable=True))
    written = sa.text("author IS NOT NULL")
    op.create_index("ix_deliveries_author", "deliveries", ["author"], sqlite_where=written, postgresql_where=written)


def downgrade() -> None:
    """Back. Events exported before keep their place in people's calendars, but can't be changed any more."""
    op.drop_index("ix_deliveries_author", table_name="deliveries")
    op.execute("ALTER TABLE deliveries DROP COLUMN author")
    op.drop_table("calendar_events")
