"""Parsing of requests to the playground."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest

from mentorbot.adapters.playground.team_chat import find_channel, find_person
from mentorbot.chat.platform import Channel, Member
from mentorbot.chat.safe_text import clean

MAX_BODY_BYTES = 200_000
MAX_SUBMIT_BYTES = 2_200_000
"""Bytes of JSON. A form may carry a file of 1 MB, and each quote or line break in it takes two bytes in JSON."""


def person_from(data: Mapping[str, Any]) -> Member:
    """The person `as` names.

    Raises:
        HTTPException: 404 if there is no such person.
    """
    person = find_person(str(data.get("as", "")))
    if person is None:
        raise HTTPException(404, "There's no such person here.")
    return person


def person_and_channel_from(data: Mapping[str, Any]) -> tuple[Member, Channel]:
    """The person `as` names, and the channel they're in.

    Raises:
        HTTPException: 404 if either doesn't exist, or the person may not see the channel.
    """
    person = person_from(data)
    channel = find_channel(str(data.get("channel", "")), person.id)
    if channel is None:
        raise HTTPException(404, "There's no such channel for this person.")
    return person, channel


def text_field(data: Mapping[str, Any], name: str) -> str:
    """The text in `data` under `name`, cleaned as everywhere else; empty if it's missing or not a text."""
    value = data.get(name, "")
    return clean(value) if isinstance(value, str) else ""


async def read_json_object(request: HttpRequest, max_bytes: int = MAX_BODY_BYTES) -> dict[str, Any]:
    """Read the request's JSON object.

    Raises:
        HTTPException: 413 if it has more than `max_bytes`, 422 if it isn't a JSON object.
    """
    body = await request.body()
    if len(body) > max_bytes:
        raise HTTPException(413, "That's too long.")
    try:
        data = json.loads(body)
    except ValueError as error:
        raise HTTPException(422, "The body must be JSON.") from error
    if not isinstance(data, dict):
        raise HTTPException(422, "The body must be an object.")
    return data
