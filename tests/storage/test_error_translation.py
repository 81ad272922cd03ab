"""Messages to an operator when the database can't be used as it is. None ever has a password in it."""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
import stat
import struct
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from mentorbot.clock import FrozenClock
from mentorbot.errors import DatabaseProblem
from mentorbot.storage import Store, database, migrations

from .conftest import NOW, OURS, NewDatabase

SECRET = "hunter2"
CHECKOUT = str(Path(__file__).parents[2])


async def problem(url: str) -> str:
    """Return the message when a store is opened there."""
    with pytest.raises(DatabaseProblem) as raised:
        await Store.open(url, FrozenClock(NOW))
    assert SECRET not in str(raised.value)
    return str(raised.value)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mentorbot.db", "isn't an address"),
        ("", "isn't an address"),
        (f"mysql://root:{SECRET}@localhost/x", "can't use mysql"),
        (f"postgresql+asyncpg://u:{SECRET}@localhost/x", "can't use postgresql+asyncpg"),
        ("sqlite://", "doesn't name a file"),
        ("sqlite:///", "doesn't name a file"),
        ("sqlite:///:memory:", "doesn't name a file"),
        ("sqlite://relative.db", "doesn't name a file"),
        ("sqlite:///file.db?mode=ro", "doesn't name a file"),
        (f"postgresql://u:{SECRET}@@localhost/x", "%40"),
        (f"postgresql://u:p@{SECRET}@localhost/x", "%40"),
        (f"postgresql://u:{SECRET}@localhost:port/x", "can't be read"),
    ],
)
async def test_wrong_urls_are_explained(url: str, said: str) -> None:
    assert said in await problem(url)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_every_scheme_of_postgresql_is_read(scheme: str) -> None:
    url = database.parse_url(f"{scheme}://u:p%40ss@host:5433/name?sslmode=require")
    assert (url.drivername, url.password, url.host, url.port) == ("postgresql+psycopg", "p@ss", "host", 5433)
    assert url.query == {"sslmode": "require"}


async def test_a_new_file_in_a_new_folder_with_an_odd_name(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "100% ours.db"
    store = await Store.open(f"sqlite:///{path}", FrozenClock(NOW))
    assert await store.revision() == migrations.head()
    await store.ping()
    await store.close()
    assert path.exists()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_relative_path_and_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for url in ("sqlite:///here.db", "sqlite:///~/there.db"):
        await (await Store.open(url, FrozenClock(NOW))).close()
        assert migrations.current(url) == migrations.head()
    assert (tmp_path / "here.db").exists()
    assert (tmp_path / "home" / "there.db").exists()


async def test_the_file_is_in_wal_mode_with_foreign_keys(tmp_path: Path) -> None:
    store = await Store.open(f"sqlite:///{tmp_path / 'bot.db'}", FrozenClock(NOW))
    async with store.queue.planning() as planning:
        modes = [await planning._session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "foreign_keys")]
    await store.close()
    assert modes == ["wal", 1]


async def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    assert "is a folder" in await problem(f"sqlite:///{tmp_path}")


async def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert "can't be created" in await problem(f"sqlite:///{tmp_path / 'file' / 'bot.db'}")


async def test_a_path_that_the_machine_does_not_even_look_up(tmp_path: Path) -> None:
    assert "can't be created" in await problem(f"sqlite:///{tmp_path / ('x' * 300)}")


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Dear diary, " * 200)
    assert "isn't a SQLite database" in await problem(f"sqlite:///{tmp_path / 'notes.txt'}")
    assert (tmp_path / "notes.txt").read_text().startswith("Dear diary")


async def test_a_file_of_another_program(tmp_path: Path) -> None:
    path = tmp_path / "photos.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE photos (id INTEGER)")
    assert "belongs to another program" in await problem(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("photos",)]


@pytest.mark.parametrize("made", [True, False], ids=["with tables", "empty"])
async def test_a_locked_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, made: bool) -> None:
    url, path = f"sqlite:///{tmp_path / 'bot.db'}", tmp_path / "bot.db"
    if made:
        await (await Store.open(url, FrozenClock(NOW))).close()
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "keeps it locked" in await problem(url)
    store = await Store.open(url, FrozenClock(NOW))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseProblem, match="keeps it locked"):
            async with store.unit_of_work(OURS) as uow:
                await uow.people.ensure("U1", "Ada")
        await store.ping()  # reading goes on
    async with store.unit_of_work(OURS) as uow:
        assert await uow.people.get("U1") is None
    await store.close()


AS_NOBODY = """
import asyncio, os, sys
from mentorbot.clock import Clock
from mentorbot.errors import DatabaseProblem
from mentorbot.storage import Store

async def open_at(url):
    await (await Store.open(url, Clock())).close()

asyncio.run(open_at(sys.argv[1]))  # imports all there is, since nobody may not read root's Python
if os.geteuid() == 0:
    os.setuid(65534)
try:
    asyncio.run(open_at(sys.argv[2]))
except DatabaseProblem as problem:
    print(problem)
"""


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="file rights are another matter on Windows")
@pytest.mark.parametrize("mode", ["wal", "delete"])
async def test_a_read_only_file(tmp_path: Path, mode: str) -> None:
    """Tried in a process without root's rights, since root may write to everything."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bot.db"
        migrations.upgrade(f"sqlite:///{path}")
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"PRAGMA journal_mode={mode}")
        path.chmod(0o444)
        path.parent.chmod(0o555)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", AS_NOBODY, f"sqlite:///{tmp_path / 'first.db'}", f"sqlite:///{path}"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": CHECKOUT},
        )
        out, err = await process.communicate()
    assert re.search("read-only|can't be opened", out.decode()), out.decode() + err.decode()


async def test_postgresql_without_a_server() -> None:
    assert "No server answers" in await problem(f"postgresql://u:{SECRET}@127.0.0.1:1/x?password={SECRET}")


async def test_postgresql_without_such_a_host() -> None:
    assert "No server answers" in await problem(f"postgresql://u:{SECRET}@no-such-host.invalid/x")


@pytest.mark.postgresql
async def test_postgresql_without_such_a_database_or_user(new_database: NewDatabase) -> None:
    url = make_url(new_database())
    gone = url.set(database="gone").render_as_string(hide_password=False)
    assert "no database with that name" in await problem(gone)
    stranger = url.set(username="stranger", password=SECRET).render_as_string(hide_password=False)
    assert "doesn't know the user" in await problem(stranger)


REFUSALS = {
    "28P01": ('password authentication failed for user "u"', "doesn't accept the user or the password"),
    "28000": ('no pg_hba.conf entry for host "10.0.0.1", user "u", no encryption', "doesn't allow that kind of login"),
    "53300": ("sorry, too many clients already", "out of connections"),
}


@pytest.mark.parametrize("state", REFUSALS)
async def test_postgresql_that_refuses(state: str) -> None:
    """A server that says what PostgreSQL says, in its protocol, and nothing else."""
    words, said = REFUSALS[state]
    fields = f"SFATAL\0VFATAL\0C{state}\0M{words}\0\0".encode()

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while header := await reader.read(8):
            length, code = struct.unpack("!II", header)
            await reader.readexactly(length - 8)
            if code == 80877103:  # SSLRequest
                writer.write(b"N")
                continue
            writer.write(b"E" + struct.pack("!I", len(fields) + 4) + fields)
            break
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert said in await problem(f"postgresql://u:{SECRET}@127.0.0.1:{port}/x?gssencmode=disable")
