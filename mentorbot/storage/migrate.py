"""The schema's revisions: Alembic, from the checkout and from inside the wheel alike."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, Engine, create_engine

from mentorbot.errors import DatabaseProblem
from mentorbot.storage.database import (
    BUSY_SECONDS,
    is_sqlite,
    make_folder,
    parse_url,
    prepare_sqlite,
    problems_in_words,
)

if TYPE_CHECKING:
    from alembic.config import Config

_PACKAGE = Path(__file__).resolve().parent.parent
_FOLDERS = (_PACKAGE / "_data" / "migrations", _PACKAGE.parent / "migrations")


def folder() -> Path:
    """Where the migrations are: inside the wheel, or at the top of the checkout."""
    return next(path for path in _FOLDERS if (path / "env.py").exists())


def head() -> str:
    """The newest revision that this version knows."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415  Alembic is slow to import and rarely needed

    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def known() -> frozenset[str]:
    """Every revision that this version knows."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415  as above

    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def upgrade(url: str, revision: str = "head") -> str:
    """Bring the schema to `revision`; the revision that it is at now. Raises `DatabaseProblem`."""
    from alembic import command  # noqa: PLC0415  as above

    return _with_connection(url, lambda config: command.upgrade(config, revision))


def downgrade(url: str, revision: str) -> str:
    """Take the schema back to `revision`; the revision that it is at now. Raises `DatabaseProblem`."""
    from alembic import command  # noqa: PLC0415  as above

    return _with_connection(url, lambda config: command.downgrade(config, revision))


def current(url: str) -> str:
    """The revision of the schema, or an empty string where there is none. Raises `DatabaseProblem`."""
    parsed = parse_url(url)
    if is_sqlite(parsed) and not (parsed.database and Path(parsed.database).expanduser().exists()):
        return ""
    with problems_in_words(parsed):
        engine = _sync_engine(parsed)
        try:
            with engine.connect() as connection:
                return revision_of(connection)
        finally:
            engine.dispose()


def revision_of(connection: Connection) -> str:
    """The revision that a connection's schema is at, or an empty string."""
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415  as above

    return MigrationContext.configure(connection).get_current_revision() or ""


def ready(url: str) -> None:
    """Make sure that the schema is this version's. A SQLite file is brought there; a server database never is.

    Raises:
        DatabaseProblem: the schema is newer than this version, or older on a server.
    """
    parsed = parse_url(url)
    at, newest = current(url), head()
    if at == newest:
        return
    _refuse_newer(at)
    if not is_sqlite(parsed):
        raise DatabaseProblem(
            f"The database is at {at or 'no schema'}, and this version needs {newest}. Run: mentorbot db upgrade"
        )
    upgrade(url)


def _with_connection(url: str, work: Callable[[Config], None]) -> str:
    parsed = parse_url(url)
    make_folder(parsed)
    with problems_in_words(parsed):
        engine = _sync_engine(parsed)
        try:
            # On SQLite this begins with the write lock, so that two processes cannot upgrade at once.
            with engine.begin() as connection:
                _refuse_newer(revision_of(connection))
                config = _config()
                config.attributes["connection"] = connection
                work(config)
                return revision_of(connection)
        finally:
            engine.dispose()


def _refuse_newer(at: str) -> None:
    if at and at not in known():
        raise DatabaseProblem(
            f"This database has the schema {at}, which is newer than this version of mentorbot knows. "
            f"Install the newer mentorbot again; or, with it, run: mentorbot db downgrade {head()}"
        )


def _sync_engine(url: URL) -> Engine:
    if not is_sqlite(url):
        return create_engine(url)
    engine = create_engine(url.set(drivername="sqlite"), connect_args={"timeout": BUSY_SECONDS})
    prepare_sqlite(engine)
    return engine


def _config() -> Config:
    from alembic.config import Config  # noqa: PLC0415  as above

    config = Config()
    config.set_main_option("script_location", str(folder()))
    return config
