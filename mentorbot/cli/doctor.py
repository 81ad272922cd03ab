"""`mentorbot doctor`: what's wrong, and the fix."""

from __future__ import annotations

import asyncio
import sys

import click

from mentorbot.cli.common import AS_JSON, load_settings, print_json
from mentorbot.clock import Clock
from mentorbot.errors import BadSettings


@click.command()
@AS_JSON
@click.pass_obj
def doctor(clock: Clock, as_json: bool) -> None:
    """Find what's wrong, and say how to fix it.

    It checks everything the bot needs, and can run alongside the bot.

    The exit status comes from the worst result: 0 for ok, 1 for a warning, 2 for a failure.
    """
    from mentorbot.adapters.findings import Finding, Level
    from mentorbot.doctor import diagnose

    try:
        findings = asyncio.run(diagnose(load_settings(), clock))
    except BadSettings as error:
        findings = [Finding("settings", Level.FAIL, str(error), "Change it where you set it, then run this again.")]
    if as_json:
        print_json([{"check": f.check, "result": f.level.name.lower(), "text": f.text, "fix": f.fix} for f in findings])
    else:
        for finding in findings:
            click.echo(f"{finding.level.name.lower():<5} {finding.check}: {finding.text}")
            if finding.fix:
                click.echo(f"      Fix: {finding.fix}")
    sys.exit(max(finding.level for finding in findings))
