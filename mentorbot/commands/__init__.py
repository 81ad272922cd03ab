"""What people can ask: each command declared once, each with one handler."""
