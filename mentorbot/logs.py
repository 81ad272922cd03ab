"""The log: one line for each event, for people or as JSON, with the code of the request it belongs to.

Three rules hold for every logger, so nobody has to think of them. Only our own modules write at DEBUG, because libraries would
log what people wrote. An outage costs one line a minute, not a traceback for each command. So does a library's warning.
"""

from __future__ import annotations

import logging
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import structlog

from mentorbot.errors import DatabaseProblem

OWN = "mentorbot"
"""The logger all of ours are below."""
_QUIET = ("apscheduler", "alembic")
"""Loggers that tell at INFO what nobody needs to know."""
REPEAT_SECONDS = 60.0
"""The same outage, or the same warning of a library, isn't written again within this time."""
_MAX_REMEMBERED = 1_000
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Digits and letters that can't be mistaken for each other when someone reads them out."""
_CODE_LENGTH = 4
_request: ContextVar[str] = ContextVar("request", default="")


@contextmanager
def request() -> Iterator[str]:
    """Mark all lines written inside with one code. A request inside a request keeps the outer one's code."""
    if outer := _request.get():
        yield outer
        return
    token = _request.set(_new_code())
    try:
        yield _request.get()
    finally:
        _request.reset(token)


def request_code() -> str:
    """Return the code of the current request, for a card that apologises; a new one outside of any request."""
    return _request.get() or _new_code()


def _new_code() -> str:
    return "".join(random.choices(_ALPHABET, k=_CODE_LENGTH))  # noqa: S311  a name, not a secret


def configure(level: str, *, as_json: bool = False) -> None:
    """Write all logs to stderr, ours from `level` up."""
    handler = logging.StreamHandler()
    handler.setFormatter(_formatter(as_json=as_json))
    handler.addFilter(RepeatFilter())
    logging.basicConfig(handlers=[handler], level=max(logging.INFO, logging.getLevelName(level)), force=True)
    logging.getLogger(OWN).setLevel(level)
    for chatty in _QUIET:
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _formatter(*, as_json: bool) -> logging.Formatter:
    """Make structlog's formatter for standard log records."""
    shared: list[structlog.types.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_request,
    ]
    # The plain traceback, since the other one shows the values of variables.
    rendering: list[structlog.types.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if as_json
        else [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback, pad_event_to=0
            )
        ]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering]
    )


def _add_request(_logger: object, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    if code := _request.get():
        event["request"] = code
    return event


class RepeatFilter(logging.Filter):
    """Shorten outages to one line a minute for each kind, and libraries' warnings to one a minute."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._monotonic = monotonic
        self._written: dict[object, float] = {}
        self._left_out: dict[object, int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Let a record through unless the same one was written less than `REPEAT_SECONDS` ago."""
        outage = _outage(record)
        if outage is not None:
            key: object = str(outage)
            record.msg, record.args = str(outage), ()
            record.exc_info = record.exc_text = None  # it says what to do, so where it came up is of no use
        elif record.levelno >= logging.WARNING and not _is_ours(record.name):
            key = (record.name, record.msg)
        else:
            return True
        return self._is_due(key, record)

    def _is_due(self, key: object, record: logging.LogRecord) -> bool:
        now = self._monotonic()
        if now - self._written.get(key, -REPEAT_SECONDS) < REPEAT_SECONDS:
            self._left_out[key] = self._left_out.get(key, 0) + 1
            return False
        if len(self._written) >= _MAX_REMEMBERED:
            self._written.clear()
            self._left_out.clear()
        self._written[key] = now
        if left_out := self._left_out.pop(key, 0):
            record.msg, record.args = f"{record.getMessage()} (and {left_out} more like this)", ()
        return True


def _is_ours(name: str) -> bool:
    return name == OWN or name.startswith(OWN + ".")


def _outage(record: logging.LogRecord) -> DatabaseProblem | None:
    """Find the database problem a record is about: among its arguments, or in the chain of its exception."""
    arguments = record.args if isinstance(record.args, tuple) else ()
    for argument in arguments:
        if isinstance(argument, DatabaseProblem):
            return argument
    error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, DatabaseProblem):
            return error
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return None
