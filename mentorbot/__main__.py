"""`python -m mentorbot`."""

from mentorbot.cli import main

main()
