"""One tree of errors. A PersonError carries the message for the person in the chat; the others are for operators and retries.

MentorbotError
├── PersonError                 someone in the chat can fix it; becomes an error card
│   ├── NotUnderstood           the words aren't a command
│   ├── BadValue                an option's value can't be used
│   │   ├── StepUnclear         several steps of the plan have those words
│   │   └── Impossible          it's clearly meant as one, but there's no such value
│   │       └── NotWhole        it's between whole numbers, so only which of them is asked
│   ├── NotFound                the thing named doesn't exist (or isn't theirs: the answer is the same)
│   │   └── StepNotFound        the plan has no step of that number or those words
│   ├── NotAllowed              the person lacks the right
│   ├── Conflict                it exists and is allowed, but not in the present state
│   │   ├── PlanFull            the plan holds as many open steps as it can
│   │   └── StepSettled         the step is done or dropped, so it can't change
│   ├── TooFast                 a lot came in at once: `seconds` until there's room again
│   └── Unreachable             the bot can't post where it was asked to
├── OperatorError               someone at the command line can fix it; printed, and the program ends with `exit_status`
│   ├── BadSettings             an environment variable is missing or wrong
│   ├── BadPack                 a role pack has errors
│   ├── PlatformDown            a chat platform gives no usable answer at start-up
│   └── DatabaseProblem         locked, away, of an older schema
│       ├── UnusableDatabase    it stays that way until someone changes something: a wrong address, password or file
│       └── DeadlockRetry       rolled back because of a deadlock; run the transaction again
├── ModelUnavailable            a language model gave no usable reply; the answer is made without it
└── SendError                   a chat platform didn't take a message
    ├── RateLimited             come back later: `retry_after` seconds
    ├── TemporarySendError      try again
    └── PermanentSendError      trying again can't help; `code` is the platform's own word
        └── WorkspaceRevoked    the bot may do nothing at all in that workspace
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Protocol, TypeVar

Result = TypeVar("Result")

EXIT_OUTAGE, EXIT_CONFIG = 1, 2
"""Exit statuses of a failed program: it may work the next time, or only once someone has changed something."""


class NumberedStep(Protocol):
    """A step of a plan, as far as an error needs to know it."""

    @property
    def number(self) -> int:
        """The number people can type."""

    @property
    def text(self) -> str:
        """The words of the step."""


class MentorbotError(Exception):
    """Base of all errors. `code` is stable and machine-readable; the message is for people."""

    code = "error"


class PersonError(MentorbotError):
    """An error shown to the person who asked. `suggestions` are command lines (without `/mentor`) that would work instead.

    `understood_as` is the line as it was parsed, where the person couldn't see it otherwise, and `left_open` the same without
    the value that's wrong, so that another can be given in a word. `topic` is the kind of thing the error is about, for errors
    raised by rules that know no command lines.
    """

    code = "person_error"
    topic = ""

    def __init__(self, message: str, *, suggestions: Sequence[str] = (), understood_as: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.suggestions = tuple(suggestions)
        self.understood_as = understood_as
        self.left_open = ""


class NotUnderstood(PersonError):
    """The words don't name any of our commands."""

    code = "not_understood"


class BadValue(PersonError):
    """An option's value can't be used. `option` is its name, so a form can mark the field."""

    code = "bad_value"

    def __init__(
        self, message: str, *, option: str = "", suggestions: Sequence[str] = (), understood_as: str = ""
    ) -> None:
        super().__init__(message, suggestions=suggestions, understood_as=understood_as)
        self.option = option


class Impossible(BadValue):
    """The text is clearly meant as a value of this kind, but can't be one: 31 November, a Springfield among several.

    So it's refused as a whole; no part of it is read as something else.
    """


class NotWhole(Impossible):
    """The text is a number between whole ones. The suggestions are the whole ones, so the message only asks which."""


class NotFound(PersonError):
    """The thing named doesn't exist or belongs to someone else; the answer doesn't give away which."""

    code = "not_found"


class StepNotFound(NotFound):
    """The plan has no step of that number, or none with those words. `steps` are the ones to offer instead."""

    topic = "step"

    def __init__(self, message: str, *, steps: Sequence[NumberedStep] = (), suggestions: Sequence[str] = ()) -> None:
        super().__init__(message, suggestions=suggestions)
        self.steps = tuple(steps)


class StepUnclear(BadValue):
    """Several steps of the plan have those words. `steps` are those; `rest` are the words after the step's name."""

    topic = "step"

    def __init__(self, message: str, *, steps: Sequence[NumberedStep], rest: str = "") -> None:
        super().__init__(message, option="step", suggestions=tuple(str(step.number) for step in steps))
        self.steps, self.rest = tuple(steps), rest


class NotAllowed(PersonError):
    """The person lacks the right."""

    code = "not_allowed"


class Conflict(PersonError):
    """The thing exists and the person may change it, but not in its present state."""

    code = "conflict"


class PlanFull(Conflict):
    """The plan holds as many open steps as it can."""

    topic = "plan"


class StepSettled(Conflict):
    """The step of that `number` is done or dropped, so it can't change."""

    topic = "step"

    def __init__(self, message: str, number: int) -> None:
        super().__init__(message)
        self.number = number


class TooFast(PersonError):
    """More came in from one person or workspace than the bot takes at once. In `seconds` there's room again."""

    code = "too_fast"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Give me {seconds} seconds. A lot came in at once.")
        self.seconds = seconds


class Unreachable(PersonError):
    """The bot can't post in that channel. `platform_code` is the platform's own word for the reason, `platform` its name."""

    code = "unreachable"

    def __init__(self, platform_code: str, platform: str = "") -> None:
        super().__init__(f"can't post there: {platform_code}")
        self.platform_code, self.platform = platform_code, platform


class OperatorError(MentorbotError):
    """An error printed on the command line, without a traceback.

    `exit_status` tells a supervisor whether to start the program again: after `EXIT_OUTAGE` it may work, after `EXIT_CONFIG` not.
    """

    code = "operator_error"
    exit_status = EXIT_OUTAGE


class BadSettings(OperatorError):
    """An environment variable is missing or wrong. Never carries a secret's value."""

    code = "bad_settings"
    exit_status = EXIT_CONFIG


class BadPack(OperatorError):
    """A role pack has errors; the message lists all of them, one per line."""

    code = "bad_pack"
    exit_status = EXIT_CONFIG


class PlatformDown(OperatorError):
    """A chat platform gives no usable answer when the bot starts."""

    code = "platform_down"


class DatabaseProblem(OperatorError):
    """The database can't be used as it is; the message says what to do."""

    code = "database"


class UnusableDatabase(DatabaseProblem):
    """The database can't be used until someone changes something: its address, password, rights, file or schema."""

    exit_status = EXIT_CONFIG


class DeadlockRetry(DatabaseProblem):
    """Two transactions waited for each other, and this one was rolled back. Run it again."""


class ModelUnavailable(MentorbotError):
    """A language model gave no usable reply. `code` is a word of ours; no text of anyone is in here."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the language model can't be used: {code}")
        self.code = code


class SendError(MentorbotError):
    """A chat platform didn't take a message. `code` is the platform's own word for it."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code


class RateLimited(SendError):
    """Too many requests. `retry_after` is in seconds. With `channel_only`, all other channels of the workspace may go on."""

    def __init__(self, retry_after: float, *, channel_only: bool = False) -> None:
        super().__init__("ratelimited", f"asked to wait {retry_after:g} s")
        self.retry_after, self.channel_only = retry_after, channel_only


class TemporarySendError(SendError):
    """A failure that may be gone on the next try: a 5xx answer, a broken connection, a time-out."""


class PermanentSendError(SendError):
    """A failure that stays until someone fixes it: the channel is gone, the bot isn't in it, a person accepts no messages."""


class WorkspaceRevoked(PermanentSendError):
    """The whole workspace is closed to the bot: its token was revoked, or it was removed.

    No single channel is to blame, so none is paused; once the bot is let back in, everything goes on.
    """


async def within(seconds: float, work: Awaitable[Result], what: str) -> Result:
    """Wait for work on the database, but no longer than `seconds`.

    Raises:
        DatabaseProblem: the time is over; the work is cancelled.
    """
    try:
        async with asyncio.timeout(seconds):
            return await work
    except TimeoutError as error:
        raise DatabaseProblem(f"The database took longer than {seconds:g} s for {what}. I'm trying again.") from error
