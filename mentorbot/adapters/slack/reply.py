"""Answering after the acknowledgement, through the response_url: five times within thirty minutes."""

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
from mentorbot.adapters.slack.file_notes import announced, follows
from mentorbot.adapters.slack.files import FileDelivery
from mentorbot.adapters.slack.render import Message, render, visibility
from mentorbot.chat.cards import Card, Footnote, rich
from mentorbot.commands.context import Caller

log = logging.getLogger(__name__)

REST = Card("There is more", (Footnote(rich("The answer is longer than Slack takes here. Ask for a part of it.")),))


class Reply:
    """The way back to where one interaction came from. A retry may show an answer twice, which is better than never."""

    def __init__(self, url: str, client: AsyncWebClient, courier: FileDelivery, caller: Caller) -> None:
        retries = [AsyncConnectionErrorRetryHandler(), AsyncRateLimitErrorRetryHandler()]
        self.caller = caller
        self._url, self._courier = url, courier
        self._hook = AsyncWebhookClient(url, timeout=20, proxy=client.proxy, ssl=client.ssl, retry_handlers=retries)

    def messages(self, card: Card) -> list[Message]:
        """What shows `card` where it was asked for."""
        return render(announced(card, here=follows(card, self.caller.channel)))

    async def send(self, card: Card, *, replaces: bool = False) -> None:
        """Show `card`, in the place of the message that was acted on if it `replaces` it. Faults are logged."""
        if not self._url:
            log.warning("an answer is lost: Slack gave no response_url")
            return
        for number, message in enumerate(_fitting(self.messages(card))):
            if not await self._send(message, card, replaces=replaces and number == 0):
                return
        await self.deliver(card)

    async def deliver(self, card: Card) -> None:
        """Bring the files of `card`, which is shown already, to where this person may see them."""
        await self._courier.deliver(card, self.caller, self.send)

    async def _send(self, message: Message, card: Card, *, replaces: bool) -> bool:
        body = {
            "text": message.text,
            "blocks": message.blocks,
            "response_type": visibility(card),
            "replace_original": replaces,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        try:
            answer = await self._hook.send_dict(body)
        except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError) as error:
            log.warning("an answer is lost: the response_url cannot be reached (%s)", type(error).__name__)
            return False
        if answer.status_code != 200:
            log.warning("an answer is lost: Slack's response_url says %s %.100s", answer.status_code, answer.body)
        return answer.status_code == 200


def _fitting(messages: list[Message]) -> list[Message]:
    """As many messages as the response_url takes; the last one says that there are more."""
    if len(messages) <= limits.RESPONSE_URL_USES:
        return messages
    return [*messages[: limits.RESPONSE_URL_USES - 1], *render(REST)]
