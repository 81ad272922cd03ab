"""`mentorbot deliveries list | explain | retry | prune`: the outcome of each scheduled message, and its reasons."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, TypedDict
from zoneinfo import ZoneInfo

import click

from mentorbot.cli.common import AS_JSON, print_json, with_store
from mentorbot.cli.progress_bar import progress
from mentorbot.clock import Clock

if TYPE_CHECKING:
    from mentorbot.domain.deliveries import Delivery
    from mentorbot.storage import Store

_GIVEN_UP = ("failed", "missed", "cancelled")
_STATES = ("pending", "sent", *_GIVEN_UP)
_PRUNE_BATCH = 1_000
"""Rows deleted per transaction, so the running bot never waits long for the database."""
_DELIVERY_ID = click.IntRange(1, 2**63 - 1)
"""An id as databases store it: a signed 64-bit integer."""
_WITHIN_SECONDS = "A running mentorbot picks it up within seconds. If the reason still holds, it's skipped again."
_MAX_PRUNE_DAYS = 36_500
"""A hundred years; Python's dates end before a million days."""


class DeliverySummary(TypedDict):
    """One message as `list` prints it; the keys are those of `--json`. Times in `outcome` are in `zone` (IANA)."""

    id: int
    state: str
    place: str
    what: str
    outcome: str
    zone: str


@click.group()
def deliveries() -> None:
    """See what happened to each scheduled message, and why."""


@deliveries.command("list")
@click.option("--state", "states", type=click.Choice(_STATES), multiple=True, help="Only these. [default: all]")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@AS_JSON
@click.pass_obj
def list_(clock: Clock, states: tuple[str, ...], limit: int, as_json: bool) -> None:
    """List the newest messages: number, state, place and outcome."""
    from mentorbot.domain.deliveries import DeliveryState

    chosen_states = [DeliveryState(state) for state in states]
    chosen = with_store(clock, lambda store: store.deliveries.list(chosen_states, limit))
    summaries = [_summarize(delivery) for delivery in chosen]
    if as_json:
        print_json(summaries)
        return
    for summary in summaries:
        click.echo(
            f"{summary['id']:>6}  {summary['state']:<9}  {summary['place']}  {summary['what']}  "
            f"{summary['outcome']} ({summary['zone']})"
        )
    if not summaries:
        click.echo(f"No messages are {' or '.join(states)}." if states else "Nothing's been scheduled yet.")


def _summarize(delivery: Delivery) -> DeliverySummary:
    from mentorbot.views.deliveries import message_name, outcome

    # A one-off has no zone of its own.
    zone = delivery.schedule.recurrence.zone if delivery.schedule else ZoneInfo("UTC")
    return {
        "id": delivery.id,
        "state": delivery.state.value,
        "place": delivery.destination.label,
        "what": message_name(delivery),
        "outcome": outcome(delivery, zone, for_operator=True),
        "zone": zone.key,
    }


@deliveries.command("explain")
@click.argument("number", type=_DELIVERY_ID)
@click.pass_obj
def explain(clock: Clock, number: int) -> None:
    """Show everything known about message NUMBER."""
    from mentorbot.domain.deliveries import GIVEN_UP, DeliveryState
    from mentorbot.views.deliveries import reason_text

    delivery = _get_or_fail(clock, number)
    summary, problem = _summarize(delivery), reason_text(delivery.reason, for_operator=True) if delivery.reason else ""
    in_doubt = delivery.begun_at is not None and delivery.state is DeliveryState.PENDING
    lines = {
        "message": f"{delivery.id}: {summary['what']}{f' ({_subject(delivery)})' if _subject(delivery) else ''}",
        "to": summary["place"],
        "because": _cause(delivery),
        "outcome": f"{summary['outcome']} ({summary['zone']})",
        "attempts": str(delivery.attempts),
        "in doubt since": str(delivery.begun_at) if in_doubt else "",
        "key": f"{delivery.key} (it's in the message's own buttons)",
        "platform's id": delivery.message_id or "",
        "last problem": "" if problem in summary["outcome"] else problem,
    }
    for label, value in lines.items():
        if value:
            click.echo(f"{label + ':':<16}{value}")
    if delivery.state in GIVEN_UP:
        click.echo(f"\nTo resend it: mentorbot deliveries retry {delivery.id}")


def _subject(delivery: Delivery) -> str:
    """Identify the subject of a message: its tip, or a one-off's kind and the id it refers to."""
    if delivery.schedule is not None:
        return delivery.item
    return f"{delivery.kind}:{delivery.item}" if delivery.item else delivery.kind.value


def _cause(delivery: Delivery) -> str:
    """Describe the schedule behind a message by its kind, state and recurrence."""
    schedule = delivery.schedule
    if schedule is None:
        return "sent once, when something happens"
    cause = f"schedule {schedule.id}, {schedule.kind}, {schedule.state}"
    if schedule.paused_reason:
        return f"{cause}: {schedule.paused_reason}"
    pause = f", paused until {until:%-d %B %Y}" if (until := schedule.recurrence.pause_until) else ""
    return f"{cause}, {schedule.recurrence.in_words()}{pause}"


def _get_or_fail(clock: Clock, number: int) -> Delivery:
    """Return the message, or end the command with an error."""
    delivery = with_store(clock, lambda store: store.deliveries.get(number))
    if delivery is None:
        raise click.ClickException(f"There's no message {number}. To list them: mentorbot deliveries list")
    return delivery


@deliveries.command("retry")
@click.argument("numbers", type=_DELIVERY_ID, nargs=-1, metavar="NUMBER...")
@click.option("--state", type=click.Choice(_GIVEN_UP), help="All messages in this state instead, newest first.")
@click.option("--limit", default=1_000, show_default=True, type=click.IntRange(1, 10_000), help="At most this many.")
@click.pass_obj
def retry(clock: Clock, numbers: tuple[int, ...], state: str | None, limit: int) -> None:
    """Resend messages by NUMBER. The running bot picks them up within seconds."""
    if not numbers and not state:
        raise click.UsageError("Name the messages by number, e.g. “retry 17 18”, or choose them with --state failed.")
    if numbers and state:
        raise click.UsageError("Name the messages by number, or choose --state, not both.")
    if len(numbers) == 1:
        _retry_one(clock, numbers[0])
        return

    from mentorbot.domain.deliveries import DeliveryState

    async def retry_all(store: Store) -> tuple[int, list[int]]:
        chosen = numbers or [
            delivery.id for delivery in await store.deliveries.list([DeliveryState(state)] if state else [], limit)
        ]
        with progress("Retrying", len(chosen)) as advance:
            refused = [number for number in chosen if not advance(await store.deliveries.requeue(number, clock.now()))]
        return len(chosen), refused

    total, refused = with_store(clock, retry_all)
    if total > len(refused):
        click.echo(f"{total - len(refused)} of {total} messages are pending again. {_WITHIN_SECONDS}")
    elif not total:
        click.echo(f"No messages are {state}.")
    if refused:
        listed = ", ".join(str(number) for number in refused)
        raise click.ClickException(
            f"These don't exist, or are already pending or sent: {listed}. See: mentorbot deliveries list"
        )


def _retry_one(clock: Clock, number: int) -> None:
    delivery = _get_or_fail(clock, number)
    if not with_store(clock, lambda store: store.deliveries.requeue(number, clock.now())):
        raise click.ClickException(
            f"Message {number} is {delivery.state}. You can only resend failed, missed or cancelled messages."
        )
    click.echo(f"Message {number} is pending again. {_WITHIN_SECONDS}")


@deliveries.command("prune")
@click.option(
    "--days",
    required=True,
    type=click.IntRange(7, _MAX_PRUNE_DAYS),
    help="Delete messages that ended more than this many days ago.",
)
@click.pass_obj
def prune(clock: Clock, days: int) -> None:
    """Delete the records of old messages. The bot does this itself after 400 days; channels' tips stay."""

    async def prune_batches(store: Store) -> int:
        before, total = clock.now() - timedelta(days=days), 0
        with progress("Deleting") as advance:
            while deleted := advance(await store.maintenance.delete_deliveries(before, _PRUNE_BATCH), _PRUNE_BATCH):
                total += deleted
        return total

    count = with_store(clock, prune_batches)
    click.echo(f"{count:,} {'message was' if count == 1 else 'messages were'} deleted.")
