"""Plans with hours, weeks and a history; assessments, check-ins, recall, mentors.

Steps move to a table of their own shape. What the first version kept stays: an open step becomes one of an hour.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ACTIVE = "state IN ('open', 'doing', 'blocked') AND origin <> ''"
OPEN_PAIRING = "state IN ('requested', 'waiting', 'active')"


def upgrade() -> None:
    """Forward."""
    _make_plans()
    _move_steps()
    _make_progress()
    _make_mentors()
    _change_sending()


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), nullable=False)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _key(table: str, column: str, to: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}", ondelete=ondelete)


def _make_plans() -> None:
    op.create_table(
        "plans",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("title", 48),
        _text("current_title", 48),
        sa.Column("pace", sa.Integer(), nullable=False),
        sa.Column("by", sa.Date(), nullable=True),
        sa.Column("off", sa.JSON(), nullable=False),
        sa.Column("flowed", sa.Date(), nullable=True),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("recall", sa.Boolean(), nullable=False),
        _text("share", 10),
        sa.CheckConstraint("pace BETWEEN 1 AND 60", name=op.f("ck_plans_pace")),
        sa.CheckConstraint("share IN ('nothing', 'progress', 'checkins')", name=op.f("ck_plans_share")),
        _key("plans", "learner_id", "learners"),
        sa.PrimaryKeyConstraint("learner_id", name="pk_plans"),
    )
    op.create_table(
        "plan_changes",
        _id(),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("what", 300),
        sa.Column("before", sa.JSON(), nullable=False),
        _time("created_at"),
        _key("plan_changes", "learner_id", "learners"),
        sa.PrimaryKeyConstraint("id", name="pk_plan_changes"),
        sa.UniqueConstraint("learner_id", "version", name="uq_plan_changes_learner_id_version"),
    )


def _move_steps() -> None:
    op.create_table(
        "steps",
        _id(),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _text("text", 1000),
        sa.Column("hours", sa.Integer(), nullable=False),
        _text("state", 10),
        sa.Column("since", sa.Date(), nullable=True),
        _text("origin", 100),
        *(_text(name, 1000) for name in ("reason", "proof", "evidence", "blocker")),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("start", sa.Date(), nullable=True),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("requires", "credits", "shares")),
        _time("created_at"),
        sa.CheckConstraint("state IN ('open', 'doing', 'blocked', 'done', 'dropped')", name=op.f("ck_steps_state")),
        sa.CheckConstraint("state NOT IN ('done', 'dropped') OR since IS NOT NULL", name=op.f("ck_steps_settled")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_steps_number")),
        sa.CheckConstraint("hours BETWEEN 1 AND 400", name=op.f("ck_steps_hours")),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 1000", name=op.f("ck_steps_text")),
        _key("steps", "learner_id", "learners"),
        sa.PrimaryKeyConstraint("id", name="pk_steps"),
        sa.UniqueConstraint("learner_id", "number", name="uq_steps_learner_id_number"),
    )
    op.create_index(
        "uq_steps_active_origin",
        "steps",
        ["learner_id", "origin"],
        unique=True,
        sqlite_where=sa.text(ACTIVE),
        postgresql_where=sa.text(ACTIVE),
    )
    op.execute(
        "INSERT INTO plans (learner_id, version, title, current_title, pace, off, recall, share) "
        f"SELECT id, 0, '', '', 4, {_nothing()}, false, 'nothing' FROM learners"
    )
    op.execute(
        "INSERT INTO steps (learner_id, number, text, hours, state, since, origin, reason, proof, evidence, blocker, "
        "due, requires, credits, shares, created_at) "
        "SELECT learner_id, number, text, 1, state, date(settled_at), origin, '', '', '', '', due, "
        f"{_nothing()}, {_nothing()}, {_nothing()}, created_at FROM plan_steps ORDER BY id"
    )
    op.drop_index("uq_plan_steps_open_origin", table_name="plan_steps")
    op.drop_table("plan_steps")


def _nothing() -> str:
    """An empty JSON list, in this database's way of writing one."""
    return "'[]'" if op.get_bind().dialect.name == "sqlite" else "'[]'::json"


def _make_progress() -> None:
    op.create_table(
        "assessments",
        _id(),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        _text("skill", 48),
        sa.Column("level", sa.Integer(), nullable=False),
        _time("assessed_at"),
        sa.CheckConstraint("level BETWEEN 0 AND 4", name=op.f("ck_assessments_level")),
        _key("assessments", "learner_id", "learners"),
        sa.PrimaryKeyConstraint("id", name="pk_assessments"),
    )
    op.create_index("ix_assessments_learner_id_skill", "assessments", ["learner_id", "skill"])
    op.create_table(
        "checkins",
        _id(),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        _text("state", 10),
        *(_text(name, 500) for name in ("next_step", "obstacle", "fallback")),
        _text("outcome", 20),
        _time("created_at"),
        sa.CheckConstraint("state IN ('held', 'skipped')", name=op.f("ck_checkins_state")),
        _key("checkins", "learner_id", "learners"),
        sa.PrimaryKeyConstraint("id", name="pk_checkins"),
        sa.UniqueConstraint("learner_id", "week", name="uq_checkins_learner_id_week"),
    )
    op.create_table(
        "recall_cards",
        _id(),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        _text("question", 60),
        sa.Column("memory", sa.JSON(), nullable=False),
        _time("due_at"),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        _key("recall_cards", "learner_id", "learners"),
        sa.PrimaryKeyConstraint("id", name="pk_recall_cards"),
        sa.UniqueConstraint("learner_id", "question", name="uq_recall_cards_learner_id_question"),
    )
    op.create_index("ix_recall_cards_due", "recall_cards", ["learner_id", "due_at"])


def _make_mentors() -> None:
    op.create_table(
        "mentors",
        _id(),
        sa.Column("person_id", sa.Integer(), nullable=False),
        _text("role", 48),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("offering", sa.Boolean(), nullable=False),
        _time("created_at"),
        sa.CheckConstraint("most BETWEEN 1 AND 20", name=op.f("ck_mentors_most")),
        _key("mentors", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name="pk_mentors"),
        sa.UniqueConstraint("person_id", "role", name="uq_mentors_person_id_role"),
    )
    op.create_table(
        "pairings",
        _id(),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=True),
        _text("state", 10),
        sa.Column("asked", sa.JSON(), nullable=False),
        _time("deadline", nullable=True),
        _time("created_at"),
        _time("changed_at"),
        sa.CheckConstraint("state IN ('requested', 'waiting', 'active', 'ended')", name=op.f("ck_pairings_state")),
        sa.CheckConstraint("(state = 'requested') = (deadline IS NOT NULL)", name=op.f("ck_pairings_deadline")),
        sa.CheckConstraint(
            "state NOT IN ('requested', 'active') OR mentor_id IS NOT NULL", name=op.f("ck_pairings_mentor")
        ),
        _key("pairings", "learner_id", "learners"),
        _key("pairings", "mentor_id", "mentors", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_pairings"),
    )
    op.create_index("ix_pairings_deadline", "pairings", ["state", "deadline"])
    op.create_index(
        "uq_pairings_open",
        "pairings",
        ["learner_id"],
        unique=True,
        sqlite_where=sa.text(OPEN_PAIRING),
        postgresql_where=sa.text(OPEN_PAIRING),
    )
    op.create_table(
        "departures",
        _id(),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=False),
        _key("departures", "workspace_id", "workspaces"),
        sa.PrimaryKeyConstraint("id", name="pk_departures"),
    )
    op.create_table(
        "people_settings",
        sa.Column("person_id", sa.Integer(), nullable=False),
        _text("quiet_from", 5, nullable=True),
        _text("quiet_to", 5, nullable=True),
        sa.Column("budget", sa.Integer(), nullable=True),
        _time("checked_at", nullable=True),
        _time("left_at", nullable=True),
        sa.CheckConstraint("(quiet_from IS NULL) = (quiet_to IS NULL)", name=op.f("ck_people_settings_quiet")),
        sa.CheckConstraint("budget IS NULL OR budget BETWEEN 0 AND 50", name=op.f("ck_people_settings_budget")),
        _key("people_settings", "person_id", "people"),
        sa.PrimaryKeyConstraint("person_id", name="pk_people_settings"),
    )


def _schedules() -> sa.Table:
    """The table as the first version made it: SQLite changes a table by rebuilding it and needs to know all of it."""
    return sa.Table(
        "schedules",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        _text("kind", 20),
        _text("channel_id", 100),
        _text("channel_name", 200),
        sa.Column("direct", sa.Boolean(), nullable=False),
        _text("role", 48),
        sa.Column("weekday", sa.Integer(), nullable=False),
        _text("local_time", 5),
        _text("zone", 64),
        _text("state", 10),
        _text("paused_reason", 300, nullable=True),
        _time("next_run_at"),
        _text("created_by", 100),
        _time("created_at"),
        sa.CheckConstraint("state IN ('active', 'paused', 'stopped')", name="ck_schedules_state"),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="ck_schedules_weekday"),
        sa.CheckConstraint("(state = 'paused') = (paused_reason IS NOT NULL)", name="ck_schedules_paused"),
        _key("schedules", "workspace_id", "workspaces"),
        sa.PrimaryKeyConstraint("id", name="pk_schedules"),
        sa.UniqueConstraint("workspace_id", "kind", "channel_id", name="uq_schedules_workspace_id_kind_channel_id"),
        sa.Index("ix_schedules_due", "state", "next_run_at"),
    )


def _deliveries() -> sa.Table:
    return sa.Table(
        "deliveries",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("schedule_id", sa.Integer(), nullable=False),
        _time("occurrence_at"),
        _text("item", 60),
        _text("key", 20),
        _text("state", 10),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _time("not_before"),
        _time("begun_at", nullable=True),
        _time("sent_at", nullable=True),
        _text("message_id", 100, nullable=True),
        _text("last_error", 300, nullable=True),
        _time("created_at"),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="ck_deliveries_sent"),
        sa.CheckConstraint("(state = 'sent') = (message_id IS NOT NULL)", name="ck_deliveries_message"),
        sa.CheckConstraint("state IN ('pending', 'sent', 'failed', 'missed', 'cancelled')", name="ck_deliveries_state"),
        sa.CheckConstraint("attempts >= 0", name="ck_deliveries_attempts"),
        _key("deliveries", "schedule_id", "schedules"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("key", name="uq_deliveries_key"),
        sa.Index("ix_deliveries_due", "state", "not_before"),
    )


def _with_body(table: sa.Table) -> sa.Table:
    table.append_column(sa.Column("body", sa.String(length=1000), server_default="", nullable=False))
    return table


def _change_sending() -> None:
    """A schedule may carry single messages only; several of them may fall on one instant."""
    with op.batch_alter_table("schedules", copy_from=_schedules()) as batch:
        batch.alter_column("next_run_at", existing_type=sa.DateTime(timezone=True), nullable=True)
    both = ["schedule_id", "occurrence_at"]
    once = sa.UniqueConstraint(*both, name="uq_deliveries_schedule_id_occurrence_at")
    table = _deliveries()
    table.append_constraint(once)
    with op.batch_alter_table("deliveries", copy_from=table) as batch:
        batch.drop_constraint("uq_deliveries_schedule_id_occurrence_at", type_="unique")
        batch.add_column(sa.Column("body", sa.String(length=1000), server_default="", nullable=False))
    with op.batch_alter_table("deliveries", copy_from=_with_body(_deliveries())) as batch:
        batch.alter_column("body", existing_type=sa.String(length=1000), server_default=None)
    op.create_index("ix_deliveries_schedule_id_occurrence_at", "deliveries", both)


def downgrade() -> None:
    """Back. What the first version has no place for is lost: hours, evidence, assessments, check-ins, mentors."""
    _change_sending_back()
    _move_steps_back()
    for index, table in (
        ("uq_pairings_open", "pairings"),
        ("ix_pairings_deadline", "pairings"),
        ("ix_recall_cards_due", "recall_cards"),
        ("ix_assessments_learner_id_skill", "assessments"),
    ):
        op.drop_index(index, table_name=table)
    for table in (
        "departures",
        "people_settings",
        "pairings",
        "mentors",
        "recall_cards",
        "checkins",
        "assessments",
        "plan_changes",
        "plans",
    ):
        op.drop_table(table)


def _change_sending_back() -> None:
    op.drop_index("ix_deliveries_schedule_id_occurrence_at", table_name="deliveries")
    op.execute("DELETE FROM deliveries WHERE schedule_id IN (SELECT id FROM schedules WHERE kind <> 'tip')")
    op.execute("DELETE FROM schedules WHERE kind <> 'tip'")
    with op.batch_alter_table("deliveries", copy_from=_with_body(_deliveries())) as batch:
        batch.drop_column("body")
        batch.create_unique_constraint("uq_deliveries_schedule_id_occurrence_at", ["schedule_id", "occurrence_at"])
    table = _schedules()
    table.c.next_run_at.nullable = True
    with op.batch_alter_table("schedules", copy_from=table) as batch:
        batch.alter_column("next_run_at", existing_type=sa.DateTime(timezone=True), nullable=False)


def _move_steps_back() -> None:
    op.create_table(
        "plan_steps",
        _id(),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _text("text", 1000),
        sa.Column("due", sa.Date(), nullable=True),
        _text("state", 10),
        _text("origin", 100),
        _time("created_at"),
        _time("settled_at", nullable=True),
        sa.CheckConstraint("(state = 'open') = (settled_at IS NULL)", name=op.f("ck_plan_steps_settled")),
        sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name=op.f("ck_plan_steps_state")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_plan_steps_number")),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 1000", name=op.f("ck_plan_steps_text")),
        _key("plan_steps", "learner_id", "learners"),
        sa.PrimaryKeyConstraint("id", name="pk_plan_steps"),
        sa.UniqueConstraint("learner_id", "number", name="uq_plan_steps_learner_id_number"),
    )
    op.execute(
        "INSERT INTO plan_steps (learner_id, number, text, due, state, origin, created_at, settled_at) "
        "SELECT learner_id, number, text, due, CASE WHEN state IN ('done', 'dropped') THEN state ELSE 'open' END, origin, "
        "created_at, CASE WHEN state IN ('done', 'dropped') THEN " + _midnight("since") + " END FROM steps ORDER BY id"
    )
    open_with_origin = sa.text("state = 'open' AND origin <> ''")
    op.create_index(
        "uq_plan_steps_open_origin",
        "plan_steps",
        ["learner_id", "origin"],
        unique=True,
        sqlite_where=open_with_origin,
        postgresql_where=open_with_origin,
    )
    op.drop_index("uq_steps_active_origin", table_name="steps")
    op.drop_table("steps")


def _midnight(day: str) -> str:
    """A day as an instant in UTC, in this database's way of writing one."""
    if op.get_bind().dialect.name == "sqlite":
        return f"{day} || ' 00:00:00.000000'"
    return f"{day}::timestamp AT TIME ZONE 'UTC'"
