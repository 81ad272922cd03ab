"""What the bot sends unprompted: planning what is due, sending it once, and the scheduler that drives both."""
