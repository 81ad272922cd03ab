"""Tests of the messages the bot sends unprompted."""
