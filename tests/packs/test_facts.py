"""Every fact and figure of the first role is reached by a command."""

from __future__ import annotations

from pathlib import Path

import pytest

from mentorbot.app import say
from mentorbot.cards import plain_text
from mentorbot.settings import Settings

FACTS = {
    "brief overview": [
        "TensorFlow",
        "PyTorch",
        "MLOps",
        "finance",
        "healthcare",
        "$128K",
        "$280K+",
        "Silicon Valley",
        "Seattle",
        "156%",
    ],
    "brief responsibilities": ["20%", "30%", "40%", "25%", "50%", "35%", "governance", "no figure"],
    "brief titles": [
        "AI Architect: Senior · AI strategy and architecture",
        "AI Solutions Architect: Mid · solution design",
        "ML Architect: Junior · machine-learning models",
        "Enterprise AI Architect: Lead · enterprise integration",
        "AI Infrastructure Architect: Senior · AI infrastructure",
        "Computer Vision Architect: Mid · computer-vision solutions",
        "NLP Architect: Junior · natural-language processing",
    ],
    "brief path": [
        "elevant education",
        "ore technical skills",
        "ands-on experience",
        "nterview preparation",
        "trategic positioning",
    ],
    "brief skills": [
        "Machine learning and AI infrastructure",
        "Designing neural networks",
        "MLOps practices",
        "Scalable data pipelines",
        "Cloud platforms and certifications",
        "Strategic thinking and problem solving",
        "Collaboration and communication",
    ],
    "brief education": ["Master's", "PhD", "5-10+ years", "AWS", "GCP"],
    "salary": [
        "$128K-$150K",
        "$200K-$280K+",
        "$300K+",
        "not known",
        "San Francisco, New York, Seattle",
        "experience, industry",
    ],
    "brief demand": ["156%", "technology, finance and healthcare", "MLOps", "esponsible AI", "emote"],
    "brief growth": ["Principal", "Director", "VP", "individual", "management", "specialised"],
    "brief questions onboarding": ["strategy", "teams", "architectures"],
    "brief questions cv": ["architecture", "model", "scalab", "data scientists", "engineers"],
    "brief questions stress": ["stress", "balance", "rioriti"],
    "brief questions time-to-qualify": ["5-10+ years", "degree"],
    "brief questions job-descriptions": [
        "achine-learning models",
        "eural networks",
        "MLOps",
        "loud platforms",
        "data pipelines",
    ],
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder: Path = tmp_path_factory.mktemp("facts")
    return Settings(database_url=f"sqlite:///{folder}/facts.db")


@pytest.mark.parametrize("line", FACTS)
async def test_a_fact_is_reached(settings: Settings, line: str) -> None:
    text = plain_text(await say(settings, line, name="ada", channel="general", admin=False, at=None))
    missing = [fact for fact in FACTS[line] if fact.lower() not in text.lower()]
    assert missing == []
    assert "Source: AI Architect job brief · USA · 2026" in text
