"""`mentorbot llm eval`: how much the configured language model adds, next to the deterministic path."""

from __future__ import annotations

from pathlib import Path

import click

from mentorbot.cli.common import AS_JSON, load_settings, print_json, run_async

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
def llm() -> None:
    """The optional language model."""


@llm.command("eval")
@click.option("--sentences", type=_FILE, help="YAML list of sentences, each with the actions that are right.")
@click.option(
    "--questions", type=_FILE, help="YAML with questions the pack answers (forum) and doesn't (unanswerable)."
)
@click.option(
    "--limit", default=40, show_default=True, type=click.IntRange(1, 10_000), help="At most this many of each."
)
@click.option("--price-sent", default=0.0, type=float, help="US dollars per million tokens sent.")
@click.option("--price-received", default=0.0, type=float, help="US dollars per million tokens received.")
@AS_JSON
def evaluate(
    sentences: Path | None,
    questions: Path | None,
    limit: int,
    price_sent: float,
    price_received: float,
    as_json: bool,
) -> None:
    """Measure how much the model helps.

    Sentences and questions run against the configured endpoint, and it counts what's right with the model and without it.

    It uses a database of its own, so nobody's data is touched. In a checkout, tests/conversations/open_cases.yaml has
    sentences, and tests/benchmarks/ask_questions/develop.yaml has questions.
    """
    from mentorbot.model_evaluation import evaluate as run

    if sentences is None and questions is None:
        raise click.UsageError("Add --sentences FILE, --questions FILE or both.")
    report = run_async(run(load_settings(), sentences, questions, limit))
    cost = report.cost(price_sent, price_received)
    if as_json:
        print_json(report.as_json() | {"cost_usd": cost})
        return
    for line in report.lines():
        click.echo(line)
    if price_sent or price_received:
        click.echo(f"Cost: ${cost:.4f}")
