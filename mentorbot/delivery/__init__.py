"""Messages the bot sends unprompted: planning what's due, sending it once, and the scheduler that drives both."""
