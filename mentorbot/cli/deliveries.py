"""`mentorbot deliveries list | explain | retry | prune`: what became of each scheduled message, and why."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

import click

from mentorbot.cli.common import AS_JSON, print_json, run_now, settings_of
from mentorbot.cli.progress import progress

Result = TypeVar("Result")
_GIVEN_UP = ("failed", "missed", "cancelled")
_STATES = ("pending", "sent", *_GIVEN_UP)
_BATCH = 1_000


@click.group()
def deliveries() -> None:
    """What became of each scheduled message, and why."""


def _with_store(work: Callable[[Any], Awaitable[Result]]) -> Result:
    """Open the database of the settings, work, close it."""
    from mentorbot.clock import Clock
    from mentorbot.storage import Store

    async def run() -> Result:
        store = await Store.open(settings_of().database, Clock())
        try:
            return await work(store)
        finally:
            await store.close()

    return run_now(run)


@deliveries.command("list")
@click.option("--state", "states", type=click.Choice(_STATES), multiple=True, help="Only these. [default: all]")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@AS_JSON
def list_(states: tuple[str, ...], limit: int, as_json: bool) -> None:
    """List the newest messages: number, state, place, what became of them."""
    found = _with_store(lambda store: store.receipts.list(states, limit))
    if as_json:
        print_json([_facts(*receipt) for receipt in found])
        return
    for receipt in found:
        facts = _facts(*receipt)
        click.echo(f"{facts['id']:>6}  {facts['state']:<9}  {facts['place']}  {facts['what']}  {facts['outcome']}")
    if not found:
        click.echo("There are no messages in these states." if states else "Nothing has been scheduled yet.")


def _facts(delivery: Any, schedule: Any) -> dict[str, Any]:
    from mentorbot.commands.why import name_of, outcome

    workspace = schedule.workspace
    return {
        "id": delivery.id,
        "state": delivery.state,
        "place": f"{workspace.platform}/{workspace.id}/{schedule.channel.name or schedule.channel.id}",
        "what": name_of(delivery),
        "outcome": outcome(delivery, schedule.cadence.zone),
    }


@deliveries.command("explain")
@click.argument("number", type=int)
def explain(number: int) -> None:
    """Say everything that is known of message NUMBER."""
    from mentorbot.commands.why import name_of, outcome

    delivery, schedule = _found(number)
    zone = schedule.cadence.zone
    told = {
        "message": f"{delivery.id}: {name_of(delivery)} ({delivery.item or 'chosen when it is sent'})",
        "to": f"{schedule.workspace.platform}/{schedule.workspace.id}/{schedule.channel.name or schedule.channel.id}",
        "because": f"schedule {schedule.id}, {schedule.kind}, {schedule.state}"
        + (f": {schedule.paused_reason}" if schedule.paused_reason else f", {schedule.cadence}"),
        "outcome": outcome(delivery, zone),
        "attempts": str(delivery.attempts),
        "in doubt since": str(delivery.begun_at) if delivery.begun_at and delivery.state == "pending" else "",
        "key": f"{delivery.key} (it is in the message's own controls)",
        "platform's id": delivery.message_id or "",
        "last trouble": delivery.last_error or "",
    }
    for name, value in told.items():
        if value:
            click.echo(f"{name + ':':<16}{value}")
    if delivery.state in ("failed", "missed", "cancelled"):
        click.echo(f"\nTo send it after all: mentorbot deliveries retry {delivery.id}")


def _found(number: int) -> Any:
    found = _with_store(lambda store: store.receipts.get(number))
    if found is None:
        raise click.ClickException(f"There is no message {number}. List them with: mentorbot deliveries list")
    return found


@deliveries.command("retry")
@click.argument("numbers", type=int, nargs=-1, metavar="NUMBER...")
@click.option("--state", type=click.Choice(_GIVEN_UP), help="All messages in this state instead, the newest first.")
@click.option("--limit", default=1_000, show_default=True, type=click.IntRange(1, 10_000), help="At most so many.")
def retry(numbers: tuple[int, ...], state: str | None, limit: int) -> None:
    """Send messages after all, by NUMBER. The running bot takes them at its next tick."""
    if bool(numbers) == bool(state):
        raise click.UsageError("Name the messages by number, or choose --state; not both.")
    if len(numbers) == 1:
        _retry_one(numbers[0])
        return

    async def work(store: Any) -> tuple[int, int]:
        from mentorbot.clock import Clock

        wanted = numbers or [delivery.id for delivery, _ in await store.receipts.list([state], limit)]
        with progress("Retrying", len(wanted)) as step:
            done = [step(await store.receipts.retry(number, Clock().now())) for number in wanted]
        return sum(done), len(done)

    again, asked = _with_store(work)
    click.echo(f"{again} of {asked} messages are pending again. A running mentorbot sends them within seconds.")


def _retry_one(number: int) -> None:
    from mentorbot.clock import Clock

    delivery, _ = _found(number)
    if not _with_store(lambda store: store.receipts.retry(number, Clock().now())):
        raise click.ClickException(f"Message {number} is {delivery.state}; only what was given up can be sent again.")
    click.echo(f"Message {number} is pending again. A running mentorbot sends it within seconds.")


@deliveries.command("prune")
@click.option("--days", required=True, type=click.IntRange(7), help="Delete what was settled longer ago than this.")
def prune(days: int) -> None:
    """Delete what became of messages long ago. The bot does so by itself after 400 days; the tips of channels stay."""

    async def work(store: Any) -> int:
        from mentorbot.clock import Clock

        before, total = Clock().now() - timedelta(days=days), 0
        with progress("Deleting") as step:
            while number := step(await store.housekeeping.forget_deliveries(before, _BATCH), _BATCH):
                total += number
        return total

    number = _with_store(work)
    click.echo(f"{number:,} {'message was' if number == 1 else 'messages were'} deleted.")
