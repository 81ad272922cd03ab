"""Every error that is ours, as one tree. Each knows what the person in front of it is told.

MentorbotError
├── PersonError            somebody in the chat can put it right; becomes an error card
│   ├── NotUnderstood      the words are not a command
│   ├── BadValue           an option has a value that cannot be used
│   ├── NotFound           the thing named does not exist (or is not theirs: the answer is the same)
│   ├── NotAllowed         the person lacks the right
│   └── Unreachable        the bot cannot post where it was asked to
├── OperatorError          somebody at the command line can put it right; printed, exit status 1
│   ├── BadSettings        an environment variable is missing or wrong
│   ├── BadPack            a role pack has faults
│   └── DatabaseProblem    missing, locked, read-only, of another schema
└── SendFailed             a chat platform did not take a message
    ├── Throttled          come back later: `retry_after` seconds
    ├── TemporaryFault     try again
    └── PermanentFault     trying again cannot help; `code` is the platform's own word
        └── LockedOut      the bot may do nothing at all in that workspace
"""

from __future__ import annotations

from collections.abc import Sequence


class MentorbotError(Exception):
    """Base of all. `code` is stable and machine-readable; the message is for people."""

    code = "error"


class PersonError(MentorbotError):
    """Shown to the person who asked. `suggestions` are command lines (without `/mentor`) that would work instead.

    `understood_as` is what they wrote, as a line, where it would be lost otherwise.
    """

    code = "person_error"
    understood_as = ""

    def __init__(self, message: str, *, tries: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.suggestions = tuple(tries)


class NotUnderstood(PersonError):
    """The words are not a command that we have."""

    code = "not_understood"


class BadValue(PersonError):
    """An option's value cannot be used. `option` is its name, so that a form can mark the field."""

    code = "bad_value"

    def __init__(self, message: str, *, option: str = "", tries: Sequence[str] = ()) -> None:
        super().__init__(message, tries=tries)
        self.option = option


class NotFound(PersonError):
    """It does not exist, or it belongs to someone else; nobody can tell which from the answer."""

    code = "not_found"


class NotAllowed(PersonError):
    """The person lacks the right."""

    code = "not_allowed"


class Unreachable(PersonError):
    """The bot cannot post in that channel."""

    code = "unreachable"


class OperatorError(MentorbotError):
    """Printed on the command line, without a traceback."""

    code = "operator_error"


class BadSettings(OperatorError):
    """An environment variable is missing or wrong. Never carries a secret's value."""

    code = "bad_settings"


class BadPack(OperatorError):
    """A role pack has faults; the message lists all of them, one a line."""

    code = "bad_pack"


class DatabaseProblem(OperatorError):
    """The database cannot be used as it is; the message says what to do."""

    code = "database"


class DeadlockRetry(DatabaseProblem):
    """Two transactions waited for each other, and this one was undone: it may be done again."""


class SendError(MentorbotError):
    """A chat platform did not take a message. `code` is the platform's own word for it."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code


class RateLimited(SendError):
    """Too many requests. `retry_after` is in seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__("ratelimited", f"asked to wait {retry_after:g} s")
        self.retry_after = retry_after


class TemporarySendError(SendError):
    """A fault that may be gone on the next try: a 5xx answer, a broken connection, a time-out."""


class PermanentSendError(SendError):
    """A fault that stays until a person mends it: the channel is gone, the bot is not in it, a person takes no messages."""


class WorkspaceRevoked(PermanentSendError):
    """The whole workspace is closed to the bot: its token is revoked, or it was removed. Nothing of it is any channel's fault,
    and once it is let in again everything goes on.
    """
