"""A new pack to start from: every kind of file once, small, explained and valid."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from mentorbot.errors import OperatorError
from mentorbot.packs import json_schema
from mentorbot.packs.loader import RESERVED_FOLDERS
from mentorbot.packs.schema import ID_PATTERN, MAX_ID_LENGTH, SectionId


def write(folder: Path, role: str) -> Path:
    """Write the pack `<folder>/<role>`, and return its folder.

    Raises:
        OperatorError: `role` isn't a valid id, the folder exists already, or it can't be written.
    """
    if not re.fullmatch(ID_PATTERN, role) or len(role) > MAX_ID_LENGTH:
        raise OperatorError(
            f"“{role}” can't be a role's id. Write lower-case words joined by hyphens, e.g. data-engineer."
        )
    if role in RESERVED_FOLDERS:
        raise OperatorError(f"“{role}” is the name of a folder that holds no pack. Choose another.")
    target = folder / role
    if target.exists():
        raise OperatorError(f"{target} already exists. Choose another name, or another folder with --in.")
    try:
        for name, text in texts(role).items():
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        if not (folder / "schema").exists():
            json_schema.export(folder / "schema")  # the files' first lines name it, for editors
    except OSError as error:
        raise OperatorError(f"{target} can't be written: {error.strerror}.") from error
    return target


def texts(role: str) -> dict[str, str]:
    """Make the text of each file of a new pack, by its path in the pack."""
    title = role.replace("-", " ").title()
    files = {name: _schema_line(name) + text.lstrip() for name, text in _YAML.items()}
    files |= {name: text.lstrip() for name, text in _MARKDOWN.items()}
    files |= {f"sections/{section}.md": _section(section) for section in get_args(SectionId)}
    return {name: text.replace("ROLE", role).replace("TITLE", title) for name, text in files.items()}


def _schema_line(name: str) -> str:
    """The comment that lets an editor find the file's schema, and complete and check it as you type."""
    kind = name.partition("/")[0] if "/" in name else name.removesuffix(".yaml")
    return f"# yaml-language-server: $schema={'../' * (name.count('/') + 1)}schema/{kind}.json\n"


def _section(section: str) -> str:
    return f"""---
title: {section.capitalize()}
source: first-source
facts:
  - One sourced fact for the section {section}.
aliases:
  - how people ask for {section} in their own words
---
Your advice on this section. Leave it empty when you have none.
"""


_YAML = {
    "pack.yaml": """
# What the pack is called, and where its figures come from. `role` is the name of this folder.
role: "ROLE"
title: "TITLE"
version: "0.1"
date: "2026-01-01"
summary: What this role is, in one or two sentences.
author: Your name
licence: MIT
sources:
  - id: first-source
    title: The title of your source
    region: Where its figures hold
    date: "2026"
""",
    "titles.yaml": """
# The titles of the role. `needs` says, for each skill, the level from 0 to 4 that the title asks for.
source: first-source
titles:
  - id: first-title
    name: First title
    level: junior # junior, mid, senior or lead
    focus: What people with this title do most
    needs: {first-skill: 1}
    advice: Your advice to anyone who wants this title.
""",
    "personas.yaml": """
# Where people start from: three or four buttons, each with up to 24 characters and a level from 0 to 4 for every skill.
personas:
  - id: experienced
    label: Experienced
    levels: {first-skill: 2}
  - id: some-practice
    label: Some practice
    levels: {first-skill: 1}
  - id: starting-fresh
    label: Starting fresh
    levels: {first-skill: 0}
""",
    "salaries.yaml": """
# Pay for one year. What the source doesn't give goes under `unknown`: never invent a figure.
source: first-source
currency: USD
overall: The range over all levels, as the source gives it.
bands:
  - {level: entry, low: 12345, high: 23456} # entry, mid, senior or top; `open: true` when the source says "or more"
unknown:
  - {level: senior, note: The source gives no figure for this level.}
top_paying: [A place]
drivers: [experience]
""",
    "resources.yaml": """
# What to read or take, so that anyone can find it. No links: they rot. `short` is for cards, if the title is long.
resources:
  - id: first-resource
    title: The exact title
    short: A short title
    author: Who wrote it
    kind: book # book, paper, course, documentation, certification, standard or report
    year: 2026 # of the newest edition; leave it out for what's kept current
    # edition: 2nd edition
    cost: free # free or paid
    skills: [first-skill]
    note: What to take from it, in one sentence.
""",
    "synonyms.yaml": """
# Words that mean the same to people who ask. Each word stands in one group only.
groups:
  - [pay, salary, wage]
""",
    "tips/first-skill.yaml": """
# Weekly tips for one skill: one concrete thing to do in 15 to 30 minutes, and why.
skill: first-skill
tips:
  - id: first-tip
    level: foundation # foundation, practice or mastery
    minutes: 20
    title: Begin with a verb
    do: What exactly to do, and what you have at the end.
    why: Why it's worth the time.
""",
    "recall/first-skill.yaml": """
# Short questions that bring one skill back to mind. This folder may be left out.
skill: first-skill
questions:
  - id: first-recall
    level: 1 # from 1 to 4: the level of the skill at which one should know this
    question: What would you ask in one or two sentences?
    choices: # two to four, each short enough for a button
      - A wrong choice that tempts
      - The right choice
    answer: 2 # the right choice, counted from 1
    why: Why it's right, for those who knew.
    wrong: What the tempting choice misses, for those who chose it.
""",
    "answers/first-skill.yaml": """
# Short answers to questions people ask about one skill, or one section of the brief. This folder may be left out.
about: first-skill
answers:
  - id: first-answer
    question: What would somebody ask?
    answer: The first sentence answers the question. The rest says why, or what to do.
""",
    "interview/first-duty.yaml": """
# Interview questions on one responsibility.
responsibility: first-duty
questions:
  - id: first-question
    question: What would you ask?
    shows:
      - The first thing that a strong answer shows.
      - The second.
    trap: Where candidates slip.
""",
    "path/first-step.yaml": """
# One step into the role, with its milestones. A card says "First 30 minutes:" before `first`, and "Done when:" before `evidence`.
title: First step
order: 1
source: first-source
summary: What this step is about.
milestones:
  - id: first-milestone
    title: Make something that can be shown
    do: What to do.
    first: the first 30 minutes, something a beginner can do tonight.
    readings: # one or two resources
      - {resource: first-resource, part: chapter 1}
    hours: 10
    raises: {first-skill: 1} # the level it leads to
    requires: [] # ids of milestones that come before
    evidence: there's something to show.
    smaller: {do: do a first small part of it, hours: 2} # the card says "This week, just" before it
    swap: A different way to the same level
""",
}

_MARKDOWN = {
    "responsibilities/first-duty.md": """
---
title: First duty
order: 1
source: first-source
what: What this responsibility is.
probe: what an interviewer wants to find out.
example: one outcome, with its figure where the source gives one.
---
Your advice on it. **Bold**, *italic*, `code`, paragraphs, `## ` headings and `- ` lists are allowed.
""",
    "skills/first-skill.md": """
---
title: First skill
short: A short name
order: 1
source: first-source
levels:
  - Has not started yet.
  - Explains the basic ideas, and works with help.
  - Does a small piece of work alone.
  - Leads such work in production.
  - Others learn it from them.
in_short: # the same five levels, each short enough for a line of a menu
  - Not started
  - Explains the basic ideas
  - Does a small piece of work alone
  - Leads such work in production
  - Others learn it from them
---
What this skill means in this role.
""",
    "faq/first-question.md": """
---
question: What do people ask most?
order: 1
source: first-source
facts:
  - The sourced answer.
---
Your advice on it.
""",
}
