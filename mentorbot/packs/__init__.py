"""Role packs: what the bot knows."""
