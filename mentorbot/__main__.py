"""Run the command line with `python -m mentorbot`."""

from mentorbot.cli import main

main()
