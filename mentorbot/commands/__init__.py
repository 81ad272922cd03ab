"""What people can say: declarations and thin handlers, their context, and the dispatcher."""

from __future__ import annotations

from importlib import import_module

from mentorbot.slash.registry import Registry

registry = Registry(prefix="/mentor", default_command="help", fallback_command="ask")
"""The commands of this bot. `load_commands` fills it."""
_GROUPS = {
    "tips": "The weekly tip in this channel.",
    "plan": "Your own learning plan.",
    "checkin": "Your weekly check-in.",
    "recall": "One-tap questions on what you have learned.",
    "pair": "Mentors and learners.",
    "me": "What I keep of you.",
    "admin": "For people who manage the workspace.",
}
"""In the order of help, whichever module of theirs is imported first."""


for _name, _summary in _GROUPS.items():
    registry.group(_name, _summary)

_MODULES = (
    "help", "brief", "ask", "tip", "subscriptions", "interview", "assess", "plan", "plan_new", "checkin", "settings",
    "progress", "export", "recall", "mentoring", "mentees", "me", "why", "admin",
)  # fmt: skip
"""In the order in which help lists their commands."""


def load_commands() -> Registry:
    """The registry with every command declared."""
    for name in _MODULES:
        import_module(f"{__name__}.{name}")
    return registry
