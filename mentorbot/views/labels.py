"""Labels of buttons that run a command line, in words: “Pause until Monday, 7 Dec”, never `/mentor checkin pause …`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from zoneinfo import ZoneInfo

from mentorbot.chat.dates import short_day
from mentorbot.clock import Weekday
from mentorbot.domain.plan import monday
from mentorbot.errors import PersonError
from mentorbot.slash.choices import short
from mentorbot.slash.converters import ParseContext, read
from mentorbot.slash.dates import DateRange, Sense, name_range
from mentorbot.slash.parser import parse_command
from mentorbot.slash.registry import ChannelRef, CommandSpec, NoValue, OptionSpec, OptionType, Registry
from mentorbot.views.rhythms import away_text, day_text, days_text

MAX_LABEL_LENGTH = 60
"""Characters; Slack and Discord take a little more."""
_MAX_VALUE_LENGTH = 30
_UNIT = re.compile(r"\s*(?:hours?|hrs?|h|minutes?|mins?)$", re.IGNORECASE)
"""Words labels say after a number anyway."""
_ASKED_AGAIN = "?"
"""The value of an option in a line that asks for it again."""
_ASKS = {
    OptionType.DATE: "Pick a date",
    OptionType.DATE_RANGE: "Pick dates",
    OptionType.TIME: "Pick a time",
    OptionType.ZONE: "Pick a city",
    OptionType.WEEKDAY: "Pick a day",
    OptionType.WEEKDAYS: "Pick a day",
    OptionType.NUMBER: "Change it",
    OptionType.FILE: "Pick a file",
    OptionType.CHANNEL: "Pick a channel",
    OptionType.ROLE: "Pick a role",
}


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels of buttons, with the commands of `registry`, and pack and day of `context`."""

    registry: Registry
    context: ParseContext

    def of_line(self, line: str) -> str:
        """Say what a command line does. A line that can't be read is shown as it is."""
        try:
            command, raw = self._parsed(line)
        except PersonError:
            return short(line, MAX_LABEL_LENGTH)
        asked = next((option for option in command.options if raw.get(option.name) == _ASKED_AGAIN), None)
        if asked is not None:
            return "Choose" if asked.declared.choices else _ASKS.get(asked.kind, "Change it")
        return short(command.label_for(self._shown_values(command, raw)), MAX_LABEL_LENGTH)

    def of_value(self, line: str, option: str) -> str:
        """Say which value a line gives to one option, e.g. “5 Dec 2026”; what the whole line does if that can't be said."""
        try:
            command, raw = self._parsed(line)
        except PersonError:
            return self.of_line(line)
        spec = command.option(option)
        if spec is None or raw.get(option, _ASKED_AGAIN) == _ASKED_AGAIN:
            return self.of_line(line)
        shown = self._shown(spec, raw[option])
        return f"{shown} h" if spec.declared.unit == "hours" and shown.isdecimal() else shown

    def understood(self, line: str) -> list[str]:
        """Name the values a line gives to its options, e.g. “by: “31 feb””, “title: “AI Architect””; none if it can't be read."""
        try:
            command, raw = self._parsed(line)
        except PersonError:
            return []
        return [f"{name}: “{value}”" for name, value in self._shown_values(command, raw).items()]

    def _parsed(self, line: str) -> tuple[CommandSpec, Mapping[str, str]]:
        parsed = parse_command(self.registry, line, self.context)
        return parsed.command, parsed.options(self.context)

    def _shown_values(self, command: CommandSpec, raw: Mapping[str, str]) -> dict[str, str]:
        return {option.name: self._shown(option, raw[option.name]) for option in command.options if option.name in raw}

    def _shown(self, option: OptionSpec, text: str) -> str:
        return short(shown_value(option, text, self.context), _MAX_VALUE_LENGTH)


def shown_value(option: OptionSpec, text: str, context: ParseContext) -> str:
    """Word a value as a person reads it; one that can't be read stays as it is."""
    try:
        value = read(option, text, context)
    except PersonError:
        return _UNIT.sub("", text) if option.declared.unit else text
    if option.declared.words is not None:
        return option.declared.words(value)
    match value:
        case time():
            return f"{value:%H:%M}"
        case date():
            return _shown_day(value, option.declared.sense, context.today)
        case DateRange():
            return (
                away_text(value, context.today)
                if option.declared.ranges and not option.declared.past
                else name_range(value, context.today)
            )
        case ZoneInfo():
            return value.key.rpartition("/")[2].replace("_", " ")
        case Weekday():
            return value.label
        case ChannelRef():
            return f"#{value.name or value.id}"
        case tuple() if option.kind is OptionType.WEEKDAYS:
            return days_text(value)
        case int() | NoValue():
            return str(value)
    if entries := option.declared.choices or option.declared.listed:
        labels = {choice.value: choice.label for choice in entries(context.pack)}
        return ", ".join(labels.get(each) or str(each) for each in (value if isinstance(value, tuple) else (value,)))
    return text


def _shown_day(day: date, sense: Sense, today: date) -> str:
    """Name a day; one that only says which week by the week's Monday, since that's what is saved."""
    if sense is Sense.WEEK and day != monday(day):
        return f"the week of {short_day(monday(day))}"
    return day_text(day, today)
