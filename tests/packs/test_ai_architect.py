"""The built-in pack for AI architects: its facts are shown, its plan is complete, and its questions are fair."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from mentorbot.app import say
from mentorbot.chat.plain_text import plain_text
from mentorbot.clock import Clock
from mentorbot.domain.plan_builder import choose_milestones
from mentorbot.packs.library import Library
from mentorbot.packs.schema import Pack, RecallQuestion
from mentorbot.settings import Settings

FACTS_BY_COMMAND = {
    "brief overview": [
        "shapes the organisation's AI strategy",
        "AI and system design meet",
        "Stakeholders",
        "end to end",
        "which frameworks and technologies",
        "fit into the systems that are already there",
        "until they're in use",
        "in line with business goals",
        "Data scientists and engineers",
        "ready for production and able to grow",
        "Tuning performance",
        "AI infrastructure",
        "accountable for the success",
        "machine learning, the design of neural networks, MLOps pipelines",
        "TensorFlow and PyTorch",
        "technology, finance and healthcare",
        "USA, over all levels: $128K to $280K+",
        "Silicon Valley and Seattle are the top tier",
        "156%",
        "Master's degree or a PhD is preferred",
        "AWS or GCP",
    ],
    "brief responsibilities": ["20%", "30%", "40%", "25%", "50%", "35%", "governance", "no figure"],
    "brief responsibilities architecture-design": [
        "Designing AI architectures",
        "scal",
        "efficient",
        "organisation's goals",
        "neural network",
        "data scientists",
        "accuracy goes up by 20%",
    ],
    "brief responsibilities model-selection": [
        "Selecting machine-learning models",
        "decides whether the project succeeds",
        "performance and how well it fits",
        "with the engineers",
        "30% less time",
    ],
    "brief responsibilities implementation": [
        "Overseeing implementation",
        "smoothly",
        "in line with the business",
        "manage a project and carry it out",
        "customer service",
        "response times improve by 40%",
    ],
    "brief responsibilities emerging-technology": [
        "Evaluating emerging technologies",
        "ahead of trends",
        "could be integrated",
        "After consulting the stakeholders",
        "25% more efficient",
    ],
    "brief responsibilities scalability": [
        "Ensuring scalability",
        "grow together with the business",
        "design for growth",
        "data pipeline together with the engineers",
        "50% more data volume",
    ],
    "brief responsibilities blueprints": [
        "Creating architectural blueprints",
        "detailed plans that guide projects",
        "complex requirements",
        "AI analytics platform",
        "data insights by 35%",
    ],
    "brief responsibilities teamwork": [
        "Collaborating with teams",
        "across functions",
        "diverse teams",
        "cross-functional team",
        "AI marketing strategy",
        "30% more effective",
    ],
    "brief responsibilities mentoring": [
        "Mentoring and consulting",
        "advising stakeholders on AI strategy",
        "lead and communicate",
        "governance into practice, for compliance and ethics",
        "no figure",
    ],
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
    "brief education": [
        "Master's degree or a PhD in a related field",
        "5–10+ years",
        "machine learning or AI",
        "AWS or GCP, are highly valued",
        "Learning continues",
    ],
    "salary": [
        "$128K–$150K",
        "$200K–$280K+",
        "$300K+",
        "Mid: our source has no figure",
        "$128K to $280K+",
    ],
    "salary entry": ["$128K–$150K"],
    "salary mid": ["Mid level: our source has no figure"],
    "salary senior": ["$200K–$280K+", "San Francisco, New York and Seattle"],
    "salary top": ["$300K+"],
    "brief salary": [
        "$128K to $280K+",
        "San Francisco, New York and Seattle",
        "Silicon Valley",
        "experience, industry and complexity of the projects",
    ],
    "brief demand": [
        "156%",
        "has run out",
        "such as technology, finance and healthcare",
        "production AI, MLOps and responsible AI",
        "Remote work has become more common",
    ],
    "brief growth": [
        "from junior to senior, then to Principal, Director or VP of AI",
        "one for individual contributors and one in management",
        "Lateral moves into specialised roles",
        "Certifications",
        "Pay grows strongly",
    ],
    "brief questions onboarding": [
        "AI strategy",
        "work with the teams",
        "architectures and technologies that are already in place",
    ],
    "brief questions cv": [
        "architectures you designed",
        "models you selected",
        "scalable",
        "data scientists and engineers",
    ],
    "brief questions stress": ["high-stress", "strategy", "balance between work and life", "priorities"],
    "brief questions time-to-qualify": ["5–10+ years from scratch", "advanced degrees and AI/ML experience"],
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


@pytest.mark.parametrize("line", FACTS_BY_COMMAND)
async def test_a_command_shows_every_fact_and_its_source(settings: Settings, line: str) -> None:
    text = plain_text(await say(settings, Clock(), f"/mentor {line}", name="ada", channel="general", admin=False))
    missing = [fact for fact in FACTS_BY_COMMAND[line] if fact.lower() not in text.lower()]
    assert missing == []
    assert "AI Architect job brief, USA, 2026" in text


async def test_no_figure_is_invented_for_a_level_the_source_leaves_out(settings: Settings) -> None:
    text = plain_text(await say(settings, Clock(), "/mentor salary mid", name="ada", channel="general", admin=False))
    assert text.startswith(
        "Mid level: our source has no figure\n\nClosest: entry $128K–$150K, senior $200K–$280K+ a year."
    )


async def test_the_stages_of_the_path_are_in_order(settings: Settings) -> None:
    text = plain_text(await say(settings, Clock(), "/mentor brief path", name="ada", channel="general", admin=False))
    titles = ("education", "technical skills", "hands-on", "interview preparation", "positioning")
    indexes = [text.lower().index(f"{number}. ") for number in range(1, 6)]
    assert indexes == sorted(indexes)
    for index, title in zip(indexes, titles, strict=True):
        assert title in text.lower()[index : index + 60]


@pytest.fixture(scope="module")
def ai_architect() -> Pack:
    return Library.open(None, "ai-architect").default


def test_the_pack_is_as_rich_as_promised(ai_architect: Pack) -> None:
    counts = Library.open(None, "ai-architect").summaries()[0]["counts"]
    assert counts["skills"] == 7
    assert counts["tips"] >= 60
    assert counts["questions"] >= 32
    assert counts["faq"] == 6
    for tips in ai_architect.tips:
        assert {tip.level for tip in tips.tips} == {"foundation", "practice", "mastery"}
    assert all(len(entry.questions) >= 4 for entry in ai_architect.interview)
    assert all(len(skill.levels) == 5 for skill in ai_architect.skills)
    assert len(ai_architect.sections) == 10
    assert len(ai_architect.titles.titles) == 7
    assert len(ai_architect.responsibilities) == 8
    assert len(ai_architect.path) == 5


def test_every_milestone_says_how_to_begin_and_what_to_do_when_it_is_too_much(ai_architect: Pack) -> None:
    assert len(ai_architect.milestones) == 60
    for milestone in ai_architect.milestones.values():
        guide = ai_architect.step_guides[f"milestone:{milestone.id}"]
        assert guide.do
        assert guide.first.endswith((".", "…", '"'))
        assert 1 <= len(guide.readings) <= 2
        assert all(len(reading) <= 85 for reading in guide.readings)
        # A card puts "Done when:", "First 30 minutes:" and "This week, just" in front of these.
        assert guide.done_when[0].islower()
        assert guide.done_when.endswith(".")
        assert guide.first[0].islower()
        assert guide.smaller
        assert guide.smaller.text[0].islower()
        assert guide.smaller.text[-1].isalnum()
        assert 2 <= guide.smaller.hours <= 4
        assert guide.swap
        assert guide.swap.text[0].isupper()


def test_every_reading_says_how_old_it_is_and_what_it_costs(ai_architect: Pack) -> None:
    assert sum(resource.kind == "course" for resource in ai_architect.resources) >= 12
    for resource in ai_architect.resources:
        assert resource.cost, resource.id
        # A resource without a year says why: it's kept current, or taught again each year.
        assert resource.year or resource.edition, resource.id
        if resource.kind in ("book", "paper", "report") or resource.edition.endswith(" edition"):
            assert resource.year, resource.id
    newest = {"data-intensive": "book, 2nd edition, 2026, paid", "islr": "book, 2023, free"}
    assert {each.id: each.details for each in ai_architect.resources if each.id in newest} == newest


def test_short_skill_names_fit_a_line(ai_architect: Pack) -> None:
    assert list(ai_architect.skill_names.values()) == [
        "ML infrastructure",
        "Neural networks",
        "MLOps",
        "Data pipelines",
        "Cloud",
        "Strategy",
        "Collaboration",
    ]


@pytest.mark.parametrize(
    ("persona", "title", "steps", "hours"),
    [("data-scientist", "ml-architect", 17, 364), ("starting-fresh", "ml-architect", 29, 682)],
)
def test_a_persona_gives_a_first_plan(ai_architect: Pack, persona: str, title: str, steps: int, hours: int) -> None:
    assert [entry.label for entry in ai_architect.personas] == [
        "Data scientist",
        "Software engineer",
        "Cloud engineer",
        "Starting fresh",
    ]
    levels = next(entry.levels for entry in ai_architect.personas if entry.id == persona)
    chosen = choose_milestones(ai_architect.plan_milestones, ai_architect.target(title, levels))
    assert (len(chosen), sum(milestone.hours for milestone in chosen)) == (steps, hours)


@pytest.fixture(scope="module")
def recall_questions(ai_architect: Pack) -> list[RecallQuestion]:
    return [question for recall in ai_architect.recall for question in recall.questions]


def test_recall_questions_cover_every_level_of_every_skill(ai_architect: Pack) -> None:
    assert [recall.skill for recall in ai_architect.recall] == [skill.id for skill in ai_architect.skills]
    for recall in ai_architect.recall:
        assert len(recall.questions) >= 7
        levels = [question.level for question in recall.questions]
        assert levels == sorted(levels)
        assert set(levels) == {1, 2, 3, 4}
        assert all(question.id.startswith(f"{recall.skill}-") for question in recall.questions)


def test_recall_choices_fit_a_button(recall_questions: list[RecallQuestion]) -> None:
    assert len(recall_questions) >= 49
    assert max(len(choice) for question in recall_questions for choice in question.choices) <= 75


def test_neither_position_nor_length_gives_a_recall_answer_away(recall_questions: list[RecallQuestion]) -> None:
    positions = Counter(question.answer for question in recall_questions)
    assert set(positions) == {1, 2, 3, 4}
    assert all(0.15 <= count / len(recall_questions) <= 0.35 for count in positions.values())
    longest = [question for question in recall_questions if _right_choice(question) == max(question.choices, key=len)]
    assert len(longest) / len(recall_questions) <= 0.4


def _right_choice(question: RecallQuestion) -> str:
    return question.choices[question.answer - 1]


def test_short_descriptions_of_levels_are_all_different(ai_architect: Pack) -> None:
    lines = [line for skill in ai_architect.skills for line in skill.in_short]
    assert len(set(lines)) == len(lines) == 35
