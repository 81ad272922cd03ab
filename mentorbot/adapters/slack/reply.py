"""Replies after the acknowledgement, through the response_url, which works five times within thirty minutes."""

from __future__ import annotations

import logging
from functools import cached_property

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from mentorbot.adapters.slack import limits
from mentorbot.adapters.slack.events import NOT_PRESSED, Pressed
from mentorbot.adapters.slack.file_notes import files_follow, with_file_notes
from mentorbot.adapters.slack.files import FileDelivery
from mentorbot.adapters.slack.render import Message, has_table, render, response_type
from mentorbot.chat.cards import Card, Footnote, rich
from mentorbot.commands.context import Caller

log = logging.getLogger(__name__)

TRUNCATED = Card(
    "There's more", (Footnote(rich("The answer's too long for Slack to show here. Ask for a part of it.")),)
)


class Reply:
    """The reply to one interaction. Retries are on: showing an answer twice is better than losing it."""

    def __init__(
        self,
        url: str,
        client: AsyncWebClient,
        file_delivery: FileDelivery,
        caller: Caller,
        pressed: Pressed = NOT_PRESSED,
    ) -> None:
        self.caller = caller
        self._url, self._client, self._file_delivery, self._pressed = url, client, file_delivery, pressed

    @cached_property
    def _webhook(self) -> AsyncWebhookClient:
        retries = [AsyncConnectionErrorRetryHandler(), AsyncRateLimitErrorRetryHandler()]
        client = self._client
        # Without our session, each answer would open a connection of its own, and TLS takes longer than the answer.
        return AsyncWebhookClient(
            self._url, timeout=20, proxy=client.proxy, ssl=client.ssl, session=client.session, retry_handlers=retries
        )

    def messages(self, card: Card, key: str = "", *, tables: bool = True) -> list[Message]:
        """Render `card` for the channel the interaction came from."""
        shown = with_file_notes(card, files_below=files_follow(card, self.caller.channel))
        return render(shown, key, tables=tables)

    def _replaces(self, card: Card) -> bool:
        """Tell whether `card` takes the pressed message's place. An error never does, so the button is there to try again."""
        return card.updates and self._pressed.replaceable and not card.public and not card.error

    async def send(self, card: Card, *, tables: bool = True) -> None:
        """Show `card` below the pressed message, or in its place if the card says so. Errors are only logged.

        A server that takes no tables gets a list instead.
        """
        if not self._url:
            log.warning("an answer was lost: Slack gave no response_url")
            return
        replaces = self._replaces(card)
        # The key stays in the channel, where the sender looks for it after a crash.
        messages = self.messages(card, self._pressed.key if replaces else "", tables=tables)
        for number, message in enumerate(_within_limit(messages)):
            # Only the first message can replace the pressed one; the others follow it.
            if not await self._send(message, card, replaces=replaces and number == 0):
                if has_table(message):
                    await self.send(card, tables=False)
                return
        await self.deliver(card)

    async def deliver(self, card: Card) -> None:
        """Deliver the files of a card that's already shown to a channel where this person may see them."""
        await self._file_delivery.deliver(card, self.caller, self.send)

    async def _send(self, message: Message, card: Card, *, replaces: bool) -> bool:
        body: dict[str, object] = {
            "text": message.text,
            "blocks": message.blocks,
            "response_type": "in_channel" if self._pressed.lasting else response_type(card),
            "replace_original": replaces,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if self._pressed.thread:
            body["thread_ts"] = self._pressed.thread
        try:
            response = await self._webhook.send_dict(body)
        except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError) as error:
            log.warning("an answer was lost: the response_url can't be reached (%s)", type(error).__name__)
            return False
        if response.status_code != 200:
            log.warning("an answer was lost: Slack's response_url says %s %.100s", response.status_code, response.body)
        return response.status_code == 200


def _within_limit(messages: list[Message]) -> list[Message]:
    """Limit `messages` to what the response_url accepts. If some are cut, the last one says there's more."""
    if len(messages) <= limits.RESPONSE_URL_USES:
        return messages
    return [*messages[: limits.RESPONSE_URL_USES - 1], *render(TRUNCATED)]
