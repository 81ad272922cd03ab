"""Share the PostgreSQL of the storage tests."""

from tests.storage.conftest import new_database

__all__ = ["new_database"]
