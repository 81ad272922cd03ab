"""Share the databases of the storage tests."""

from tests.storage.conftest import empty_url, new_database, url

__all__ = ["empty_url", "new_database", "url"]
