"""Imports every module that declares commands, in the order in which help lists them."""

from mentorbot.commands import help, brief, ask, tips, tips_me, interview
from mentorbot.commands import (
    assess,
    plan,
    plan_marks,
    plan_new,
    checkin,
    checkin_breaks,
    checkin_settings,
    progress,
    export,
    recall,
)
from mentorbot.commands import pair, mentor, mentees, me, why, admin, admin_calendar
from mentorbot.commands.declare import registry

__all__ = ["registry"]
