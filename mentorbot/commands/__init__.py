"""Commands people can give: declarations and thin handlers, their context, and the dispatcher."""

from __future__ import annotations

from importlib import import_module

from mentorbot.slash.registry import Registry

registry = Registry(prefix="/mentor", default_command="help", fallback_command="ask")
"""The bot's commands, filled by `load_commands`."""
_GROUPS = {
    "tips": "The weekly tip, here or just for you.",
    "plan": "Your own learning plan.",
    "checkin": "Your weekly check-in.",
    "recall": "One-tap questions on what you've learned.",
    "pair": "Mentors and learners.",
    "me": "Your data.",
    "admin": "For admins: tips, reports, days off.",
}
"""Groups and their summaries, declared up front so that help lists them in this order whatever is imported first."""


for _name, _summary in _GROUPS.items():
    registry.group(_name, _summary)

_MODULES = (
    "start", "home", "help", "brief", "ask", "tip", "subscriptions", "interview", "assess", "role", "plan",
    "plan_order", "plan_split", "plan_undo", "plan_progress", "plan_new", "checkin", "settings", "progress", "export",
    "recall", "mentoring", "mentees", "me", "why", "workdays", "admin", "schedules", "setup", "private_thread",
    "workspace_settings", "mentions", "mentor_role",
)  # fmt: skip
"""Modules with commands, in the order of help."""


def load_commands() -> Registry:
    """Import every module that declares commands, and return the filled registry."""
    for name in _MODULES:
        import_module(f"{__name__}.{name}")
    import_module(f"{__name__}.sharing").mark_shareable(registry)
    return registry
