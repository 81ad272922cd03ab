"""The menus that open on a message or a person: “Add to my plan”, “Ask to be my mentor” and “Their progress”. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from discord import AppCommandType

from mentorbot.adapters.message_steps import step_text


class Menu(NamedTuple):
    """An entry of a menu, and the command and option its target goes to. One that's `everywhere` needs no server."""

    name: str
    kind: AppCommandType
    line: str
    option: str
    everywhere: bool = False


MENUS = (
    Menu("Add to my plan", AppCommandType.message, "plan add", "what", everywhere=True),
    Menu("Ask to be my mentor", AppCommandType.user, "pair request", "who"),
    Menu("Their progress", AppCommandType.user, "mentees", "learner"),
)
_TEXT_DISPLAY = 10
"""https://docs.discord.com/developers/components/reference#text-display"""


def parse(data: Mapping[str, Any], guild: str) -> tuple[str, dict[str, str]]:
    """Read what was chosen from a menu as a line and its options. `guild` is the server's id, "" in direct messages."""
    menu = next((menu for menu in MENUS if menu.name == data.get("name")), None)
    target = str(data.get("target_id", ""))
    if menu is None:
        return "", {}
    if menu.kind is AppCommandType.user:
        return menu.line, {menu.option: f"<@{target}>"}
    messages = (data.get("resolved") or {}).get("messages") or {}
    return menu.line, {menu.option: _step(messages.get(target) or {}, target, guild)}


def _step(message: Mapping[str, Any], number: str, guild: str) -> str:
    link = f"https://discord.com/channels/{guild or '@me'}/{message.get('channel_id', '')}/{number}"
    author = message.get("author") or {}
    name = str(author.get("global_name") or author.get("username") or "")
    return step_text(_with_names("\n".join(filter(None, _texts(message))), message), link, name)


def _texts(message: Mapping[str, Any]) -> Iterator[str]:
    """Everything a message says: its text, its cards and what's embedded in it; for a file, its name."""
    yield str(message.get("content") or "")
    yield from _card_texts(message.get("components") or ())
    for embed in message.get("embeds") or ():
        yield str(embed.get("title") or embed.get("description") or "")
    for attachment in message.get("attachments") or ():
        yield str(attachment.get("filename") or "")
    for forwarded in message.get("message_snapshots") or ():
        yield from _texts(forwarded.get("message") or {})


def _card_texts(components: Any) -> Iterator[str]:
    for component in components:
        if component.get("type") == _TEXT_DISPLAY:
            yield str(component.get("content") or "")
        yield from _card_texts(component.get("components") or ())


def _with_names(text: str, message: Mapping[str, Any]) -> str:
    """Put people's names where a message mentions them."""
    for person in message.get("mentions") or ():
        name = f"@{person.get('global_name') or person.get('username') or ''}"
        text = text.replace(f"<@{person.get('id')}>", name).replace(f"<@!{person.get('id')}>", name)
    return text
