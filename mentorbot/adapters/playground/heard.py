"""What a request to the playground says: who asks, where, and what. Each raises `HTTPException` where it says nothing of use."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest

from mentorbot.adapters.playground.room import channel, person
from mentorbot.messenger import Channel, Member

MAX_BODY = 200_000
MAX_SUBMIT = 2_200_000
"""Bytes of JSON. A form may bring a file of 1 MB, of which each quote and each end of a line takes two bytes in JSON."""


def who_of(data: Mapping[str, Any]) -> Member:
    """The person that `as` names."""
    found = person(str(data.get("as", "")))
    if found is None:
        raise HTTPException(404, "There is no such person here.")
    return found


def place_of(data: Mapping[str, Any]) -> tuple[Member, Channel]:
    """The person, and the channel in which they are."""
    who = who_of(data)
    found = channel(str(data.get("channel", "")), who.id)
    if found is None:
        raise HTTPException(404, "There is no such channel for this person.")
    return who, found


def text_of(data: Mapping[str, Any], name: str) -> str:
    """One text; empty where there is none."""
    value = data.get(name, "")
    return value if isinstance(value, str) else ""


async def body_of(request: HttpRequest, most: int = MAX_BODY) -> dict[str, Any]:
    """The JSON object that was sent, of so many bytes at most."""
    body = await request.body()
    if len(body) > most:
        raise HTTPException(413, "That is too long.")
    try:
        data = json.loads(body)
    except ValueError as error:
        raise HTTPException(422, "The body must be JSON.") from error
    if not isinstance(data, dict):
        raise HTTPException(422, "The body must be an object.")
    return data
