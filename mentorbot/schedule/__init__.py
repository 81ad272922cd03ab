"""What the bot sends unasked: planning what is due, sending it once, and the ticker that drives both."""
