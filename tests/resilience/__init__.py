"""Real outages while messages are being delivered: each message still arrives exactly once."""
