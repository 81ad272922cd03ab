"""Imports every module that declares commands, in the order in which help lists them."""

from mentorbot.commands import help, brief, ask, tips, interview, assess, plan, plan_new, checkin, checkin_settings  # noqa: A004, F401, I001  the order is the help's
from mentorbot.commands.declare import registry

__all__ = ["registry"]
