"""A career changer: asks about the role and its pay, then for a plan that years would be needed for."""

from __future__ import annotations

import pytest

from .team import Team

pytestmark = pytest.mark.slow


async def test_career_changer(team: Team) -> None:
    dee = team.dee
    await dee.says("how much does a senior earn?")
    dee.sees("Senior: $200K–$280K+ a year", "AI Architect job brief, USA, 2026")
    await dee.says("how long does it take to get there?")
    dee.sees("", "5–10+ years", "AI Architect job brief, USA, 2026")
    await dee.says("do I need a maths degree to bake bread?")
    assert "bread" not in dee.last.title
    await dee.says("make me a plan")
    dee.sees("Your target role?", buttons=["AI Architect", "ML Architect"])
    assert team.rows("plans") == 0

    await dee.presses("AI Architect")
    dee.sees("AI Architect would take until", "Nearer: ML Architect", "starting from zero")
    dee.sees("", "Either way, you'd work as an ML engineer or data scientist first.")
    dee.sees("", buttons=["Start with ML Architect", "AI Architect anyway", "Take the check"])
    await dee.presses("Take the check")
    dee.sees_a_form("")
    await dee.fills_in(**{"ml-infrastructure": "1", "neural-networks": "2", "mlops": "1", "data-pipelines": "1"})
    dee.sees("Saved: ")
    assert (await dee.levels())["neural-networks"] == 2

    await dee.says("plan new ml architect 5 hours a week by end of 2028")
    dee.sees("Your plan: ML Architect", "At 5 h a week", "based on your 2-minute check")
    await dee.says("plan new ml architect 5 hours a week by march 2027")
    dee.sees(
        "31 March is too tight", "some of it just takes time", "Work in the job that comes first, about 15 months."
    )
    await dee.says("plan new ml architect 5 hours a week by april 2028")
    dee.sees("30 April 2028 is too tight", "You have 5.", buttons=["7 h a week"])
    await dee.says("plan new ml architect 5 hours a week")
    await dee.presses("Start", on="Your plan: ML Architect")
    dee.sees("Plan saved. Next stop: ML Architect")
    plan = await dee.plan()
    assert (plan.title, plan.hours_per_week) == ("ml-architect", 5)
    await dee.presses("Undo", on="Plan saved")
    assert not (await dee.plan()).active
