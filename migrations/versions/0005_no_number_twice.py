"""SQLite gives no number of a row again: a process may still hold that of one which is gone, and a button may name it.

PostgreSQL never does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = ("people", "schedules", "deliveries", "pairings", "recall_cards")
PLAIN, COUNTED = "\n\tid INTEGER NOT NULL, ", "\n\tid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "
THEIRS = sa.text("SELECT sql FROM sqlite_master WHERE tbl_name = :name AND type = :kind AND sql IS NOT NULL")


def upgrade() -> None:
    """Forward."""
    for table in TABLES:
        _make_anew(table, {PLAIN: COUNTED, f" \n\tCONSTRAINT pk_{table} PRIMARY KEY (id),": ""})


def downgrade() -> None:
    """Back."""
    for table in TABLES:
        _make_anew(
            table, {COUNTED: PLAIN, " \n\tCONSTRAINT": f" \n\tCONSTRAINT pk_{table} PRIMARY KEY (id), \n\tCONSTRAINT"}
        )


def _make_anew(table: str, changes: dict[str, str]) -> None:
    """The way of https://sqlite.org/lang_altertable.html, section 7, with the table's own words: so it keeps its CHECKs."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    body = connection.execute(THEIRS, {"name": table, "kind": "table"}).scalar_one().partition("(")[2]
    indexes = connection.scalars(THEIRS, {"name": table, "kind": "index"}).all()
    for old, new in changes.items():
        if old not in body:
            raise RuntimeError(f"the table {table} is not as the revision before has left it")
        body = body.replace(old, new, 1)
    op.execute(f"CREATE TABLE made_anew ({body}")
    op.execute(f"INSERT INTO made_anew SELECT * FROM {table}")
    op.execute(f"DROP TABLE {table}")
    op.execute(f"ALTER TABLE made_anew RENAME TO {table}")
    for index in indexes:
        op.execute(index)
