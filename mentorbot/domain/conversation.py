"""Kinds of small talk: things people say that ask for nothing."""

from __future__ import annotations

from enum import Enum


class SmallTalk(Enum):
    """Something that asks for nothing; `STOP` asks for quiet without saying from what, and `AGREEING` says yes to nothing.

    `DONE` asks if something was saved that was, `REVOCABLE` if it could be changed again, and `MISREAD` says the bot got
    something wrong. `WOULD` asks what'd follow from what's offered, and `DID` what follows from what was just done. `UNABLE` asks
    for what it can't do, and `THEIRS` for a change to what's someone else's; `APPOINTS` makes someone a mentor, or no longer one.
    `OTHERS` is meant for someone else, and `FOREIGN` in another language. `REMARK` is anything else someone tells, if it sounds
    like nothing in particular; `STORY` is about others, and `LATER` what they may do some day. `PRACTISED` ends a practice.
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
    AGREEING = "agreeing"
    REMARK = "remark"
    LATER = "later"
    STORY = "story"
    LAUGH = "laugh"
    GLAD = "glad"
    SORRY = "sorry"
    CHEER = "cheer"
    SETBACK = "setback"
    DONE = "done"
    UNABLE = "unable"
    THEIRS = "theirs"
    APPOINTS = "appoints"
    REVOCABLE = "revocable"
    WOULD = "would"
    DID = "did"
    MISREAD = "misread"
    ILL = "ill"
    GRIEF = "grief"
    FAMILY = "family"
    DRAINED = "drained"
    LOST = "lost"
    PRACTISED = "practised"
