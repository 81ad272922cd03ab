"""Kinds of small talk: things people say that ask for nothing."""

from __future__ import annotations

from enum import Enum


class SmallTalk(Enum):
    """Something that asks for nothing; `STOP` asks for quiet without saying from what."""

    HELLO = "hello"
    THANKS = "thanks"
    BYE = "bye"
    WHO = "who"
    STOP = "stop"
    NOTHING = "nothing"
