"""Slack's installations in our database: slack_sdk's stores, with every token encrypted.

The tables are made by our own migrations. A token is encrypted with the first key, and any of the keys can decrypt it, so that a
key can be replaced (https://cryptography.io/en/latest/fernet/#cryptography.fernet.MultiFernet).
"""

from __future__ import annotations

import logging
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from slack_sdk.oauth.installation_store.models.bot import Bot
from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore, SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from sqlalchemy import URL, ColumnElement, Dialect, Table, Text, and_, delete, desc, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.types import TypeDecorator

from mentorbot.errors import BadSettings, DatabaseProblem
from mentorbot.storage.error_translation import translated_errors
from mentorbot.storage.tables import SlackOAuthStateRow

log = logging.getLogger(__name__)
STATE_SECONDS = 600
"""Time someone has to install the app after opening the link."""
_SECRETS = ("bot_token", "bot_refresh_token", "user_token", "user_refresh_token", "incoming_webhook_url")
_BAD_KEY = (
    "MENTORBOT_TOKEN_KEY isn't a valid key. Make one with: mentorbot tokens new-key. "
    "To set several, separate them with commas, newest first."
)
_OTHER_KEY = (
    "A token in the database was encrypted with a different key. Add that key to MENTORBOT_TOKEN_KEY, after the newest."
)


def new_key() -> str:
    """Make a key to encrypt tokens with."""
    return Fernet.generate_key().decode()


def cipher_of(keys: str) -> MultiFernet:
    """Make the cipher of some keys, separated by commas; the first one encrypts.

    Raises:
        BadSettings: one of them is no key. The message doesn't show it.
    """
    try:
        return MultiFernet([Fernet(key.strip()) for key in keys.split(",") if key.strip()])
    except ValueError:
        raise BadSettings(_BAD_KEY) from None


class _Encrypted(TypeDecorator[str]):
    """Column type of a secret: text to us, ciphertext in the database."""

    impl = Text
    cache_ok = True

    def __init__(self, cipher: MultiFernet) -> None:
        super().__init__()
        self.cipher = cipher

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Encrypt a value for the database."""
        return None if value is None else self.cipher.encrypt(value.encode()).decode()

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str | None:
        """Decrypt a value from the database.

        Raises:
            DatabaseProblem: none of the keys fits.
        """
        try:
            return None if value is None else self.cipher.decrypt(value.encode()).decode()
        except InvalidToken:
            raise DatabaseProblem(_OTHER_KEY) from None


class Installations(AsyncSQLAlchemyInstallationStore):
    """The installations of one Slack app, one for each workspace or organisation."""

    def __init__(self, engine: AsyncEngine, url: URL, client_id: str, cipher: MultiFernet) -> None:
        super().__init__(client_id=client_id, engine=engine, logger=log)
        self._url, self._cipher = url, cipher
        for table in (self.bots, self.installations):
            for column in _secret_columns(table):
                column.type = _Encrypted(cipher)

    async def async_save(self, installation: Installation) -> None:
        """Save an installation in place of any earlier one of the same workspace, without saying who installed it.

        Raises:
            DatabaseProblem: the database doesn't answer.
        """
        workspace_id = installation.enterprise_id if installation.is_enterprise_install else installation.team_id
        nobodys = Installation(**installation.to_dict_for_copying() | {"user_id": "", "user_token": None})
        with translated_errors(self._url):
            await super().async_save(nobodys)
            async with self.engine.begin() as connection:
                for table in (self.bots, self.installations):
                    earlier = (
                        table.c.id
                        < select(func.max(table.c.id)).where(self._belongs(table, workspace_id or "")).scalar_subquery()
                    )
                    await connection.execute(delete(table).where(self._belongs(table, workspace_id or ""), earlier))

    async def async_save_bot(self, bot: Bot) -> None:
        """Save a bot's new token. Raises `DatabaseProblem`."""
        with translated_errors(self._url):
            await super().async_save_bot(bot)

    async def bot_of(self, workspace_id: str) -> Bot | None:
        """Read the newest bot of a workspace, or of an organisation; None if the app isn't installed there.

        Raises:
            DatabaseProblem: the database doesn't answer, or its tokens can't be decrypted.
        """
        query = (
            self.bots.select().where(self._belongs(self.bots, workspace_id)).order_by(desc(self.bots.c.installed_at))
        )
        with translated_errors(self._url):
            async with self.engine.connect() as connection:
                row = (await connection.execute(query.limit(1))).mappings().first()
                return SQLAlchemyInstallationStore.build_bot_entity(row) if row is not None else None

    async def delete(self, workspace_id: str) -> None:
        """Delete a workspace's installation with its tokens. Raises `DatabaseProblem`."""
        with translated_errors(self._url):
            async with self.engine.begin() as connection:
                for table in (self.bots, self.installations):
                    await connection.execute(delete(table).where(self._belongs(table, workspace_id)))

    async def reencrypt(self) -> int:
        """Encrypt every token with the newest key, and return the number of installations. Raises `DatabaseProblem`."""
        count = 0
        with translated_errors(self._url):
            async with self.engine.begin() as connection:
                for table in (self.bots, self.installations):
                    secrets = _secret_columns(table)
                    for row in (await connection.execute(select(table.c.id, *secrets))).mappings().all():
                        values = {column.name: row[column.name] for column in secrets}
                        await connection.execute(update(table).where(table.c.id == row["id"]).values(values))
                        count += table is self.bots
        return count

    def _belongs(self, table: Table, workspace_id: str) -> ColumnElement[bool]:
        columns = table.c
        is_team = and_(columns.is_enterprise_install.is_(False), columns.team_id == workspace_id)
        is_organisation = and_(columns.is_enterprise_install.is_(True), columns.enterprise_id == workspace_id)
        return and_(columns.client_id == self.client_id, or_(is_team, is_organisation))


def _secret_columns(table: Table) -> list[Any]:
    return [column for column in table.c if column.name in _SECRETS]


class OAuthStates(AsyncSQLAlchemyOAuthStateStore):
    """The states of installations that have begun."""

    def __init__(self, engine: AsyncEngine, url: URL) -> None:
        super().__init__(STATE_SECONDS, engine, logger=log, table_name=SlackOAuthStateRow.__tablename__)
        self._url = url

    async def async_issue(self, *args: object, **kwargs: object) -> str:
        """Begin an installation. Raises `DatabaseProblem`."""
        with translated_errors(self._url):
            return str(await super().async_issue(*args, **kwargs))
