"""Slack, through slack_bolt: Socket Mode or signed HTTP."""
