"""Give people their own column, one-off messages no schedule, and reasons a code.

Before this revision, a person was a channel called "@" plus their id, one-off messages belonged to a schedule that never ran, and
the reason a message wasn't sent was a sentence. Processes of the previous release can't write to the new tables, so stop them
before this upgrade.
"""

import re
from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

PERSONAL = "('checkin', 'recall', 'digest', 'own-tip', 'notice')"
WAITS_FOR_COMPANY = "waits some minutes for what else may be due, so that both come as one"
CODES = (
    (
        r"(.*; then )?the bot was not running in time$",
        "bot_not_running",
    ),  # first, because an earlier reason precedes it
    (r"quiet hours$", "quiet_hours"),
    (re.escape(WAITS_FOR_COMPANY), "waits_for_company"),
    (r"no messages are wanted|the budget of ", "budget_spent"),
    (r".* is a day off here", "day_off"),
    (r"paused until ", "schedule_paused"),
    (r"the schedule is ", "schedule_inactive"),
    (r"there is a break until ", "learner_paused"),
    (r"the week of .* is off", "week_off"),
    (r"the check-in of the week of ", "already_answered"),
    (r"reminders are off", "reminders_off"),
    (r"there was no check-in", "no_checkin_sent"),
    (r"the week of its check-in is over", "checkin_week_over"),
    (r"the check-in came late", "checkin_came_late"),
    (r"no question is due", "no_question_due"),
    (r"there are no learners", "no_learners"),
    (r"the role pack has no tips", "no_tips"),
    (r"it is settled already", "already_settled"),
    (r"the request has found somebody", "mentor_found"),
    (r"the person is gone", "person_gone"),
    (r"the time zone .* is not known", "unknown_zone"),
    (r"it could not be sent in time", "not_sent_in_time"),
    (r"ratelimited|asked to wait|the platform has asked to wait", "rate_limited"),
    (r"\d+ attempts: ", "too_many_attempts"),
    (r"nobody can tell whether it was posted", "maybe_delivered"),
)
SENTENCES = {
    "quiet_hours": "quiet hours",
    "waits_for_company": WAITS_FOR_COMPANY,
    "budget_spent": "the budget of {budget} messages a week is spent",
    "day_off": "{day} is a day off here",
    "schedule_paused": "paused until {until}",
    "schedule_inactive": "the schedule is {state}",
    "learner_paused": "there is a break until {until}",
    "week_off": "the week of {week} is off",
    "already_answered": "the check-in of the week of {week} was {state} already",
    "reminders_off": "reminders are off",
    "no_checkin_sent": "there was no check-in",
    "checkin_week_over": "the week of its check-in is over",
    "checkin_came_late": "the check-in came late",
    "no_question_due": "no question is due",
    "no_learners": "there are no learners",
    "no_tips": "the role pack has no tips",
    "already_settled": "it is settled already",
    "mentor_found": "the request has found somebody",
    "person_gone": "the person is gone",
    "unknown_zone": "the time zone {zone} is not known to the machine that was to send it",
    "bot_not_running": "the bot was not running in time",
    "not_sent_in_time": "it could not be sent in time",
    "rate_limited": "the platform has asked to wait",
    "too_many_attempts": "{attempts} attempts: ",
    "maybe_delivered": "nobody can tell whether it was posted: {error}",
}
"""The previous release's sentences for the same reasons, for the downgrade."""
ENDINGS = {"it failed": "failed", "it was missed": "missed", "it was left out": "cancelled"}
RESENT = "an operator asked for it again; before that "
BATCH = 1_000
NEVER_POSTED = "deliveries.begun_at IS NULL AND (deliveries.state <> 'sent' OR deliveries.merged_into IS NOT NULL)"
"""Condition for a delivery whose key was never posted. A merged one was posted under the key of its parent."""

DELIVERIES = sa.table(
    "deliveries",
    sa.column("id", sa.Integer),
    sa.column("key", sa.String),
    sa.column("person_id", sa.Integer),
    sa.column("last_error", sa.String),
    sa.column("given_up", sa.String),
    sa.column("reason_code", sa.String),
    sa.column("reason_details", sa.JSON),
    sa.column("given_up_state", sa.String),
    sa.column("given_up_code", sa.String),
    sa.column("given_up_details", sa.JSON),
)

NEW_SCHEDULES = """
\tid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
\tworkspace_id INTEGER NOT NULL,
\tperson_id INTEGER,
\tkind VARCHAR(20) NOT NULL,
\tchannel_id VARCHAR(100),
\tchannel_name VARCHAR(200) NOT NULL,
\tdirect BOOLEAN NOT NULL,
\trole VARCHAR(48) NOT NULL,
\tweekday INTEGER NOT NULL,
\tlocal_time VARCHAR(5) NOT NULL,
\tzone VARCHAR(64) NOT NULL,
\tstate VARCHAR(10) NOT NULL,
\tpaused_reason VARCHAR(300),
\tnext_run_at DATETIME,
\tcreated_by VARCHAR(100) NOT NULL,
\tcreated_at DATETIME NOT NULL,
\tweekdays VARCHAR(7),
\tevery_weeks INTEGER DEFAULT '1' NOT NULL,
\tstarts_on DATE,
\tends_on DATE,
\tpause_until DATE,
\tCONSTRAINT uq_schedules_workspace_id_kind_channel_id UNIQUE (workspace_id, kind, channel_id),
\tCONSTRAINT uq_schedules_person_id_kind UNIQUE (person_id, kind),
\tCONSTRAINT ck_schedules_destination CHECK ((person_id IS NULL) <> (channel_id IS NULL)),
\tCONSTRAINT ck_schedules_state CHECK (state IN ('active', 'paused', 'stopped')),
\tCONSTRAINT ck_schedules_weekday CHECK (weekday BETWEEN 0 AND 6),
\tCONSTRAINT ck_schedules_paused CHECK ((state = 'paused') = (paused_reason IS NOT NULL)),
\tCONSTRAINT fk_schedules_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE,
\tCONSTRAINT fk_schedules_person_id FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE
"""
NEW_DELIVERIES = """
\tid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
\tworkspace_id INTEGER NOT NULL,
\tperson_id INTEGER,
\tschedule_id INTEGER,
\tkind VARCHAR(20) NOT NULL,
\trole VARCHAR(48) NOT NULL,
\toccurrence_at DATETIME NOT NULL,
\titem VARCHAR(60) NOT NULL,
\t"key" VARCHAR(20) NOT NULL,
\tstate VARCHAR(10) NOT NULL,
\tattempts INTEGER NOT NULL,
\tnot_before DATETIME NOT NULL,
\tbegun_at DATETIME,
\tsent_at DATETIME,
\tmessage_id VARCHAR(100),
\treason_code VARCHAR(30),
\treason_details JSON,
\tbody VARCHAR(1000) NOT NULL,
\tcreated_at DATETIME NOT NULL,
\tslot_at DATETIME,
\tmerged_into INTEGER,
\tfirst_due_at DATETIME,
\tgiven_up_state VARCHAR(10),
\tgiven_up_code VARCHAR(30),
\tgiven_up_details JSON,
\tCONSTRAINT uq_deliveries_key UNIQUE ("key"),
\tCONSTRAINT ck_deliveries_destination CHECK (schedule_id IS NOT NULL OR person_id IS NOT NULL),
\tCONSTRAINT ck_deliveries_state CHECK (state IN ('pending', 'sent', 'failed', 'missed', 'cancelled')),
\tCONSTRAINT ck_deliveries_sent CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
\tCONSTRAINT ck_deliveries_message CHECK ((state = 'sent') = (message_id IS NOT NULL)),
\tCONSTRAINT ck_deliveries_attempts CHECK (attempts >= 0),
\tCONSTRAINT fk_deliveries_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE,
\tCONSTRAINT fk_deliveries_person_id FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE,
\tCONSTRAINT fk_deliveries_schedule_id FOREIGN KEY(schedule_id) REFERENCES schedules (id) ON DELETE CASCADE
"""
OLD_SCHEDULES = (
    NEW_SCHEDULES.replace("\tperson_id INTEGER,\n", "")
    .replace("channel_id VARCHAR(100),", "channel_id VARCHAR(100) NOT NULL,")
    .replace("\tCONSTRAINT uq_schedules_person_id_kind UNIQUE (person_id, kind),\n", "")
    .replace("\tCONSTRAINT ck_schedules_destination CHECK ((person_id IS NULL) <> (channel_id IS NULL)),\n", "")
    .replace(
        "ON DELETE CASCADE,\n\tCONSTRAINT fk_schedules_person_id FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE",
        "ON DELETE CASCADE",
    )
)
OLD_DELIVERIES = """
\tid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
\tschedule_id INTEGER NOT NULL,
\toccurrence_at DATETIME NOT NULL,
\titem VARCHAR(60) NOT NULL,
\t"key" VARCHAR(20) NOT NULL,
\tstate VARCHAR(10) NOT NULL,
\tattempts INTEGER NOT NULL,
\tnot_before DATETIME NOT NULL,
\tbegun_at DATETIME,
\tsent_at DATETIME,
\tmessage_id VARCHAR(100),
\tlast_error VARCHAR(300),
\tbody VARCHAR(1000) NOT NULL,
\tcreated_at DATETIME NOT NULL,
\tslot_at DATETIME,
\tmerged_into INTEGER,
\tfirst_due_at DATETIME,
\tgiven_up VARCHAR(300),
\tCONSTRAINT uq_deliveries_key UNIQUE ("key"),
\tCONSTRAINT ck_deliveries_state CHECK (state IN ('pending', 'sent', 'failed', 'missed', 'cancelled')),
\tCONSTRAINT ck_deliveries_sent CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
\tCONSTRAINT ck_deliveries_message CHECK ((state = 'sent') = (message_id IS NOT NULL)),
\tCONSTRAINT ck_deliveries_attempts CHECK (attempts >= 0),
\tCONSTRAINT fk_deliveries_schedule_id FOREIGN KEY(schedule_id) REFERENCES schedules (id) ON DELETE CASCADE
"""
INDEXES = {
    "schedules": {"ix_schedules_due": "state, next_run_at"},
    "deliveries": {
        "ix_deliveries_due": "state, not_before",
        "ix_deliveries_merged_into": "merged_into",
        "ix_deliveries_schedule_id_occurrence_at": "schedule_id, occurrence_at",
    },
}


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def upgrade() -> None:
    """Upgrade to this revision."""
    op.execute("ALTER TABLE schedules ADD COLUMN person_id INTEGER")
    for name in (
        "workspace_id INTEGER",
        "person_id INTEGER",
        "kind VARCHAR(20)",
        "role VARCHAR(48)",
        "reason_code VARCHAR(30)",
        "reason_details JSON",
        "given_up_state VARCHAR(10)",
        "given_up_code VARCHAR(30)",
        "given_up_details JSON",
    ):
        op.execute(f"ALTER TABLE deliveries ADD COLUMN {name}")
    _name_people()
    _copy_from_schedules()
    _name_keys()
    _code_reasons()
    if _is_sqlite():
        _rebuild("deliveries", NEW_DELIVERIES, {"schedule_id": _WITHOUT_CARRIER})
        op.execute("DELETE FROM schedules WHERE kind = 'notice'")
        _rebuild("schedules", NEW_SCHEDULES, {"channel_id": "CASE WHEN person_id IS NULL THEN channel_id END"})
    else:
        _alter_postgresql()
    op.create_index("ix_deliveries_person_id_occurrence_at", "deliveries", ["person_id", "occurrence_at"])


_WITHOUT_CARRIER = (
    "CASE WHEN schedule_id IN (SELECT id FROM schedules WHERE kind = 'notice') THEN NULL ELSE schedule_id END"
)


def _name_people() -> None:
    """Set the person of each personal schedule. Delete schedules of unknown people, since there's nobody to write to."""
    op.execute(
        "UPDATE schedules SET person_id = (SELECT people.id FROM people WHERE people.workspace_id = schedules.workspace_id "
        f"AND people.external_id = substr(schedules.channel_id, 2)) WHERE kind IN {PERSONAL}"
    )
    orphans = f"SELECT id FROM schedules WHERE kind IN {PERSONAL} AND person_id IS NULL"
    op.execute(f"DELETE FROM deliveries WHERE schedule_id IN ({orphans})")
    op.execute(f"DELETE FROM schedules WHERE kind IN {PERSONAL} AND person_id IS NULL")


def _copy_from_schedules() -> None:
    """Copy workspace, person, role and kind to the deliveries. A one-off's kind was the prefix of its item."""
    for column in ("workspace_id", "person_id", "role", "kind"):
        op.execute(
            f"UPDATE deliveries SET {column} = "
            f"(SELECT schedules.{column} FROM schedules WHERE schedules.id = deliveries.schedule_id)"
        )
    colon = "instr(item, ':')" if _is_sqlite() else "strpos(item, ':')"
    one_off = "(kind = 'notice' OR item LIKE 'waiting-admins:%')"
    op.execute(
        f"UPDATE deliveries SET kind = CASE WHEN {colon} > 0 THEN substr(item, 1, {colon} - 1) ELSE item END, "
        f"item = CASE WHEN {colon} > 0 THEN substr(item, {colon} + 1) ELSE '' END WHERE {one_off}"
    )


def _name_keys() -> None:
    """Rename the keys of one-offs that were never posted to the new form, so that none is written twice.

    The others keep their keys: the sender looks for their message by its key, or its buttons contain it. So anyone with check-ins
    on several days may get an extra reminder in the week of the upgrade.
    """
    connection = op.get_bind()
    carried = sa.text(
        "SELECT deliveries.id, deliveries.key, deliveries.person_id FROM deliveries "
        f"JOIN schedules ON schedules.id = deliveries.schedule_id WHERE schedules.kind = 'notice' AND {NEVER_POSTED}"
    )
    rows = connection.execute(carried).all()
    _rename_keys({number: f"p{person:x}-{key.partition('-')[2]}" for number, key, person in rows}, "p")


def _rename_keys(keys: dict[int, str], prefix: str) -> None:
    """Give deliveries (by id) new keys, which begin with `prefix`.

    If a key exists already, it's the same message, written by this release before a downgrade and upgrade. It's left alone.
    """
    connection = op.get_bind()
    taken = set(connection.scalars(sa.select(DELIVERIES.c.key).where(DELIVERIES.c.key.startswith(prefix))))
    rows = [{"row": number, "renamed": key} for number, key in keys.items() if key not in taken]
    if rows:
        rename = DELIVERIES.update().where(DELIVERIES.c.id == sa.bindparam("row"))
        connection.execute(rename.values(key=sa.bindparam("renamed")), rows)


def _code_reasons() -> None:
    """Turn each sentence into a code. The sentence stays in its details, to be shown as it is."""
    connection = op.get_bind()
    texts = sa.select(DELIVERIES.c.id, DELIVERIES.c.last_error, DELIVERIES.c.given_up).where(
        DELIVERIES.c.last_error.is_not(None) | DELIVERIES.c.given_up.is_not(None)
    )
    last = 0
    while rows := connection.execute(texts.where(DELIVERIES.c.id > last).order_by(DELIVERIES.c.id).limit(BATCH)).all():
        for number, reason, given_up in rows:
            values = _coded(reason, "reason") | _given_up(given_up)
            connection.execute(DELIVERIES.update().where(DELIVERIES.c.id == number).values(values))
        last = rows[-1][0]


def _coded(text: str | None, prefix: str) -> dict[str, object]:
    if not text:
        return {}
    code = next((code for pattern, code in CODES if re.match(pattern, text, re.DOTALL)), "send_error")
    return {f"{prefix}_code": code, f"{prefix}_details": {"text": text}}


def _given_up(text: str | None) -> dict[str, object]:
    if not text:
        return {}
    how, _, why = text.removeprefix(RESENT).partition(": ")
    return {"given_up_state": ENDINGS.get(how, "failed")} | _coded(why, "given_up")


def _rebuild(table: str, body: str, expressions: dict[str, str]) -> None:
    """Rebuild a table as in https://sqlite.org/lang_altertable.html, section 7, from its full definition, to keep its CHECKs."""
    connection = op.get_bind()
    columns = re.findall(r'^\t"?(\w+)"? (?!CONSTRAINT)[A-Z]', body, re.MULTILINE)
    columns = [name for name in columns if name != "CONSTRAINT"]
    quoted = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(expressions.get(name, f'"{name}"') for name in columns)
    highest = connection.scalar(sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table})
    written = body.replace(",\n", ", \n")  # as SQLAlchemy writes it, because earlier revisions search for that
    op.execute(f"CREATE TABLE rebuilt ({written})")
    op.execute(f"INSERT INTO rebuilt ({quoted}) SELECT {values} FROM {table}")
    op.execute(f"DROP TABLE {table}")
    op.execute(f"ALTER TABLE rebuilt RENAME TO {table}")
    if highest is not None:  # so no row's id is ever reused
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table})
        connection.execute(sa.text("INSERT INTO sqlite_sequence VALUES (:name, :seq)"), {"name": table, "seq": highest})
    for name, on in INDEXES[table].items():
        op.execute(f"CREATE INDEX {name} ON {table} ({on})")


def _alter_postgresql() -> None:
    op.alter_column("deliveries", "schedule_id", nullable=True)
    op.execute(f"UPDATE deliveries SET schedule_id = {_WITHOUT_CARRIER}")
    op.execute("DELETE FROM schedules WHERE kind = 'notice'")
    op.alter_column("schedules", "channel_id", nullable=True)
    op.execute("UPDATE schedules SET channel_id = NULL WHERE person_id IS NOT NULL")
    for column in ("workspace_id", "kind", "role"):
        op.alter_column("deliveries", column, nullable=False)
    op.create_unique_constraint("uq_schedules_person_id_kind", "schedules", ["person_id", "kind"])
    op.create_check_constraint("destination", "schedules", "(person_id IS NULL) <> (channel_id IS NULL)")
    op.create_check_constraint("destination", "deliveries", "schedule_id IS NOT NULL OR person_id IS NOT NULL")
    for table, column, target in (
        ("schedules", "person_id", "people"),
        ("deliveries", "workspace_id", "workspaces"),
        ("deliveries", "person_id", "people"),
    ):
        op.create_foreign_key(f"fk_{table}_{column}", table, target, [column], ["id"], ondelete="CASCADE")
    op.drop_column("deliveries", "last_error")
    op.drop_column("deliveries", "given_up")


def downgrade() -> None:
    """Go back to the previous revision. A reason becomes the sentence it was, or its code in words."""
    op.drop_index("ix_deliveries_person_id_occurrence_at", table_name="deliveries")
    for name in ("last_error VARCHAR(300)", "given_up VARCHAR(300)"):
        op.execute(f"ALTER TABLE deliveries ADD COLUMN {name}")
    _word_reasons()
    if not _is_sqlite():
        op.execute("ALTER TABLE schedules DROP CONSTRAINT ck_schedules_destination")
    else:
        _rebuild("schedules", NEW_SCHEDULES.replace("\tCONSTRAINT ck_schedules_destination", "\t--"), {})
    op.execute(
        "UPDATE schedules SET channel_id = (SELECT '@' || people.external_id FROM people WHERE people.id = schedules.person_id) "
        "WHERE person_id IS NOT NULL"
    )
    _make_carriers()
    op.execute(
        "UPDATE deliveries SET item = CASE WHEN item = '' THEN kind ELSE kind || ':' || item END "
        "WHERE schedule_id IS NULL OR kind = 'waiting-admins'"
    )
    op.execute(
        "UPDATE deliveries SET schedule_id = (SELECT schedules.id FROM schedules WHERE schedules.kind = 'notice' "
        "AND schedules.person_id = deliveries.person_id) WHERE schedule_id IS NULL"
    )
    _name_keys_back()
    if _is_sqlite():
        _rebuild("deliveries", OLD_DELIVERIES, {})
        _rebuild("schedules", OLD_SCHEDULES, {})
        return
    op.drop_constraint("uq_schedules_person_id_kind", "schedules")
    op.alter_column("deliveries", "schedule_id", nullable=False)
    op.alter_column("schedules", "channel_id", nullable=False)
    op.execute("ALTER TABLE deliveries DROP CONSTRAINT ck_deliveries_destination")
    op.drop_column("schedules", "person_id")
    for column in (
        "workspace_id",
        "person_id",
        "kind",
        "role",
        "reason_code",
        "reason_details",
        "given_up_state",
        "given_up_code",
        "given_up_details",
    ):
        op.drop_column("deliveries", column)


def _make_carriers() -> None:
    """Create the schedule that each person's one-offs belong to. Keys of the previous release contain the id it had."""
    connection = op.get_bind()
    people = sa.text(
        "SELECT people.workspace_id, people.id, people.external_id, min(deliveries.role), min(deliveries.created_at), "
        "min(CASE WHEN deliveries.key LIKE 'n%' THEN deliveries.key END) FROM deliveries "
        "JOIN people ON people.id = deliveries.person_id WHERE deliveries.schedule_id IS NULL "
        "GROUP BY people.workspace_id, people.id, people.external_id ORDER BY people.id"
    )
    for workspace, person, external, role, created, key in connection.execute(people).all():
        number = {"id": int(key[1:].partition("-")[0], 16)} if key else {}
        values = number | {
            "workspace_id": workspace,
            "person_id": person,
            "kind": "notice",
            "channel_id": f"@{external}",
        }
        values |= {"channel_name": "", "direct": True, "role": role, "weekday": 0, "local_time": "00:00", "zone": "UTC"}
        values |= {"state": "active", "created_by": external, "created_at": created, "every_weeks": 1}
        names = ", ".join(values)
        places = ", ".join(f":{name}" for name in values)
        connection.execute(sa.text(f"INSERT INTO schedules ({names}) VALUES ({places})"), values)


def _name_keys_back() -> None:
    carried = sa.text(
        "SELECT deliveries.id, deliveries.key, deliveries.schedule_id FROM deliveries "
        "JOIN schedules ON schedules.id = deliveries.schedule_id "
        f"WHERE schedules.kind = 'notice' AND deliveries.key LIKE 'p%' AND {NEVER_POSTED}"
    )
    rows = op.get_bind().execute(carried).all()
    _rename_keys({number: f"n{carrier:x}-{key.partition('-')[2]}" for number, key, carrier in rows}, "n")


def _word_reasons() -> None:
    connection = op.get_bind()
    columns = sa.select(
        DELIVERIES.c.id,
        DELIVERIES.c.reason_code,
        DELIVERIES.c.reason_details,
        DELIVERIES.c.given_up_state,
        DELIVERIES.c.given_up_code,
        DELIVERIES.c.given_up_details,
    ).where(DELIVERIES.c.reason_code.is_not(None) | DELIVERIES.c.given_up_state.is_not(None))
    endings = {state: how for how, state in ENDINGS.items()}
    last = 0
    while rows := connection.execute(
        columns.where(DELIVERIES.c.id > last).order_by(DELIVERIES.c.id).limit(BATCH)
    ).all():
        for number, code, details, state, given_up_code, given_up_details in rows:
            given_up = f"{RESENT}{endings[state]}: {_worded(given_up_code, given_up_details)}" if state else None
            values = {"last_error": _worded(code, details)[:300] or None, "given_up": given_up and given_up[:300]}
            connection.execute(DELIVERIES.update().where(DELIVERIES.c.id == number).values(values))
        last = rows[-1][0]


def _worded(code: str | None, details: dict[str, object] | None) -> str:
    if not code:
        return ""
    details = details or {}
    if "text" in details:
        return str(details["text"])
    before = details.get("earlier")
    earlier = _worded(str(before["code"]), before) if isinstance(before, dict) else ""
    if code not in SENTENCES or (code == "rate_limited" and "error" in details):
        own = str(details.get("error", ""))
    else:
        own = SENTENCES[code].format_map(defaultdict(str, details))
    return own + earlier if code == "too_many_attempts" else "; then ".join(filter(None, (earlier, own)))
