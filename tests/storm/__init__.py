"""Killing the bot again and again while it posts, against a server that counts."""
