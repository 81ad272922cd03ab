"""Replies after the acknowledgement, through the response_url, which works five times within thirty minutes."""

from __future__ import annotations

import logging

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from mentorbot.adapters.slack import limits
from mentorbot.adapters.slack.file_notes import files_follow, with_file_notes
from mentorbot.adapters.slack.files import FileDelivery
from mentorbot.adapters.slack.render import Message, render, response_type
from mentorbot.chat.cards import Card, Footnote, rich
from mentorbot.commands.context import Caller

log = logging.getLogger(__name__)

TRUNCATED = Card(
    "There is more", (Footnote(rich("The answer is longer than Slack takes here. Ask for a part of it.")),)
)


class Reply:
    """The reply to one interaction. Retries are on: showing an answer twice is better than losing it."""

    def __init__(self, url: str, client: AsyncWebClient, file_delivery: FileDelivery, caller: Caller) -> None:
        retries = [AsyncConnectionErrorRetryHandler(), AsyncRateLimitErrorRetryHandler()]
        self.caller = caller
        self._url, self._file_delivery = url, file_delivery
        self._webhook = AsyncWebhookClient(url, timeout=20, proxy=client.proxy, ssl=client.ssl, retry_handlers=retries)

    def messages(self, card: Card) -> list[Message]:
        """Render `card` for the channel the interaction came from."""
        return render(with_file_notes(card, files_below=files_follow(card, self.caller.channel)))

    async def send(self, card: Card, *, replaces: bool = False) -> None:
        """Show `card`, replacing the pressed message if `replaces` is set. Errors are only logged."""
        if not self._url:
            log.warning("an answer is lost: Slack gave no response_url")
            return
        for number, message in enumerate(_within_limit(self.messages(card))):
            # Only the first message can replace the pressed one; the others follow it.
            if not await self._send(message, card, replaces=replaces and number == 0):
                return
        await self.deliver(card)

    async def deliver(self, card: Card) -> None:
        """Deliver the files of a card that's already shown to a channel where this person may see them."""
        await self._file_delivery.deliver(card, self.caller, self.send)

    async def _send(self, message: Message, card: Card, *, replaces: bool) -> bool:
        body = {
            "text": message.text,
            "blocks": message.blocks,
            "response_type": response_type(card),
            "replace_original": replaces,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        try:
            response = await self._webhook.send_dict(body)
        except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError) as error:
            log.warning("an answer is lost: the response_url cannot be reached (%s)", type(error).__name__)
            return False
        if response.status_code != 200:
            log.warning("an answer is lost: Slack's response_url says %s %.100s", response.status_code, response.body)
        return response.status_code == 200


def _within_limit(messages: list[Message]) -> list[Message]:
    """Limit `messages` to what the response_url accepts. If some are cut, the last one says there's more."""
    if len(messages) <= limits.RESPONSE_URL_USES:
        return messages
    return [*messages[: limits.RESPONSE_URL_USES - 1], *render(TRUNCATED)]
