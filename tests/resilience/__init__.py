"""Real faults while messages are being delivered: each arrives once all the same."""
