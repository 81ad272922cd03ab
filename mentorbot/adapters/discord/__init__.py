"""Discord, through discord.py: the gateway, Components V2, stateless controls."""
