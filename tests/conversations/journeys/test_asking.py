"""Someone who only asks: a question, one that goes on with it, and one that's outside the role. In each pack."""

from __future__ import annotations

import pytest

from .team import Team

pytestmark = pytest.mark.slow


async def test_asking_about_ai_architects(team: Team) -> None:
    ada = team.ada
    await ada.says("what is a vector database?")
    ada.sees("A vector database finds", "The author's advice", buttons=["Read more"])
    await ada.says("do I need one?")
    ada.sees("", "pgvector")
    await ada.says("should I buy a house or rent one?")
    ada.sees("That's beyond me, sorry", "I know the AI Architect role")
    await ada.says("how does my daughter become a veterinary surgeon?")
    ada.sees("That's beyond me, sorry", buttons=["Pay", "Path"])


async def test_asking_about_engineering_managers(team: Team) -> None:
    ben = team.ben
    await ben.types("role engineering-manager")
    await ben.says("how often should I hold 1:1s?")
    ben.sees("", "The author's advice", buttons=["Read more"])
    await ben.says("what should I ask in them?")
    ben.sees("", "one-on-one")
    await ben.says("how much does it pay?")
    assert "pay" in ben.last.title.lower()
    await ben.says("what's the best glue for oak?")
    ben.sees("That's beyond me, sorry", "I know the Engineering Manager role")
    await ben.says("can I sue someone for a bad reference?")
    ben.sees("That's beyond me, sorry")
