"""`mentorbot deliveries list | explain | retry | prune`: what became of each scheduled message, and why."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

import click

from mentorbot.cli.common import AS_JSON, print_json, run_now, settings_of
from mentorbot.cli.progress import progress
from mentorbot.clock import Clock

Result = TypeVar("Result")
_GIVEN_UP = ("failed", "missed", "cancelled")
_STATES = ("pending", "sent", *_GIVEN_UP)
_BATCH = 1_000
_NUMBER = click.IntRange(1, 2**63 - 1)
"""What a database takes for a message's number."""
_WITHIN_SECONDS = "A running mentorbot looks at it within seconds. If its cause still stands, it is left out again."
_MOST_DAYS = 36_500
"""A hundred years; dates end where a million days begin."""


@click.group()
def deliveries() -> None:
    """What became of each scheduled message, and why."""


def _with_store(clock: Clock, work: Callable[[Any], Awaitable[Result]]) -> Result:
    """Open the database of the settings, work, close it."""
    from mentorbot.storage import Store

    async def run() -> Result:
        store = await Store.open(settings_of().database, clock, make=False)
        try:
            return await work(store)
        finally:
            await store.close()

    return run_now(run)


@deliveries.command("list")
@click.option("--state", "states", type=click.Choice(_STATES), multiple=True, help="Only these. [default: all]")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@AS_JSON
@click.pass_obj
def list_(clock: Clock, states: tuple[str, ...], limit: int, as_json: bool) -> None:
    """List the newest messages: number, state, place, what became of them."""
    found = _with_store(clock, lambda store: store.deliveries.list(states, limit))
    if as_json:
        print_json([_facts(*receipt) for receipt in found])
        return
    for receipt in found:
        facts = _facts(*receipt)
        click.echo(
            f"{facts['id']:>6}  {facts['state']:<9}  {facts['place']}  {facts['what']}  {facts['outcome']} ({facts['zone']})"
        )
    if not found:
        click.echo(f"No message is {' or '.join(states)}." if states else "Nothing has been scheduled yet.")


def _facts(delivery: Any, schedule: Any) -> dict[str, Any]:
    from mentorbot.commands.why import name_of, outcome

    zone = schedule.cadence.zone
    return {
        "id": delivery.id,
        "state": delivery.state,
        "place": schedule.place,
        "what": name_of(delivery),
        "outcome": outcome(delivery, zone),
        "zone": zone.key,
    }


@deliveries.command("explain")
@click.argument("number", type=_NUMBER)
@click.pass_obj
def explain(clock: Clock, number: int) -> None:
    """Say everything that is known of message NUMBER."""
    delivery, schedule = _found(clock, number)
    facts, trouble = _facts(delivery, schedule), delivery.last_error or ""
    told = {
        "message": f"{delivery.id}: {facts['what']}{f' ({delivery.item})' if delivery.item else ''}",
        "to": facts["place"],
        "because": _cause(schedule),
        "outcome": f"{facts['outcome']} ({facts['zone']})",
        "attempts": str(delivery.attempts),
        "in doubt since": str(delivery.begun_at) if delivery.begun_at and delivery.state == "pending" else "",
        "key": f"{delivery.key} (it is in the message's own controls)",
        "platform's id": delivery.message_id or "",
        "last trouble": "" if trouble in facts["outcome"] else trouble,
    }
    for name, value in told.items():
        if value:
            click.echo(f"{name + ':':<16}{value}")
    if delivery.state in ("failed", "missed", "cancelled"):
        click.echo(f"\nTo send it after all: mentorbot deliveries retry {delivery.id}")


def _cause(schedule: Any) -> str:
    from mentorbot.storage.schedules import NOTICE

    told = f"schedule {schedule.id}, {schedule.kind}, {schedule.state}"
    if schedule.paused_reason:
        return f"{told}: {schedule.paused_reason}"
    # What a notice hangs on has a cadence only because every schedule has one; it never has its turn.
    pause = f", paused until {until:%-d %B %Y}" if (until := schedule.cadence.pause_until) else ""
    once = "sent once, when something happens, not week by week"
    return f"{told}, {once if schedule.kind == NOTICE else schedule.cadence.in_words()}{pause}"


def _found(clock: Clock, number: int) -> Any:
    found = _with_store(clock, lambda store: store.deliveries.get(number))
    if found is None:
        raise click.ClickException(f"There is no message {number}. List them with: mentorbot deliveries list")
    return found


@deliveries.command("retry")
@click.argument("numbers", type=_NUMBER, nargs=-1, metavar="NUMBER...")
@click.option("--state", type=click.Choice(_GIVEN_UP), help="All messages in this state instead, the newest first.")
@click.option("--limit", default=1_000, show_default=True, type=click.IntRange(1, 10_000), help="At most so many.")
@click.pass_obj
def retry(clock: Clock, numbers: tuple[int, ...], state: str | None, limit: int) -> None:
    """Send messages after all, by NUMBER. The running bot takes them at its next tick."""
    if not numbers and not state:
        raise click.UsageError("Name the messages by number, as in “retry 17 18”, or choose them with --state failed.")
    if numbers and state:
        raise click.UsageError("Name the messages by number, or choose --state; not both.")
    if len(numbers) == 1:
        _retry_one(clock, numbers[0])
        return

    async def work(store: Any) -> tuple[int, list[int]]:
        wanted = numbers or [delivery.id for delivery, _ in await store.deliveries.list([state], limit)]
        with progress("Retrying", len(wanted)) as step:
            left = [one for one in wanted if not step(await store.deliveries.retry(one, clock.now()))]
        return len(wanted), left

    asked, left = _with_store(clock, work)
    if asked > len(left):
        again = f"{asked - len(left)} of {asked} messages are"
        click.echo(f"{again} pending again. {_WITHIN_SECONDS}")
    elif not asked:
        click.echo(f"No message is {state}.")
    if left:
        listed = ", ".join(str(number) for number in left)
        raise click.ClickException(f"Not there, or pending or sent already: {listed}. See: mentorbot deliveries list")


def _retry_one(clock: Clock, number: int) -> None:
    delivery, _ = _found(clock, number)
    if not _with_store(clock, lambda store: store.deliveries.retry(number, clock.now())):
        raise click.ClickException(f"Message {number} is {delivery.state}; only what was given up can be sent again.")
    click.echo(f"Message {number} is pending again. {_WITHIN_SECONDS}")


@deliveries.command("prune")
@click.option(
    "--days", required=True, type=click.IntRange(7, _MOST_DAYS), help="Delete what was settled longer ago than this."
)
@click.pass_obj
def prune(clock: Clock, days: int) -> None:
    """Delete what became of messages long ago. The bot does so by itself after 400 days; the tips of channels stay."""

    async def work(store: Any) -> int:
        before, total = clock.now() - timedelta(days=days), 0
        with progress("Deleting") as step:
            while number := step(await store.maintenance.forget_deliveries(before, _BATCH), _BATCH):
                total += number
        return total

    number = _with_store(clock, work)
    click.echo(f"{number:,} {'message was' if number == 1 else 'messages were'} deleted.")
