"""Kinds of small talk: things people say that ask for nothing."""

from __future__ import annotations

from enum import Enum


class SmallTalk(Enum):
    """Something that asks for nothing; `STOP` asks for quiet without saying from what.

    `OTHERS` is about or meant for someone else, and `FOREIGN` in another language.
    """

    HELLO = "hello"
    THANKS = "thanks"
    BYE = "bye"
    WHO = "who"
    STOP = "stop"
    NOTHING = "nothing"
    PRAISE = "praise"
    UPSET = "upset"
    WISH = "wish"
    NEWS = "news"
    LOW = "low"
    PUZZLED = "puzzled"
    OTHERS = "others"
    FOREIGN = "foreign"
