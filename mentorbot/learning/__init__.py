"""Rules of learning without I/O, clock or platform: levels and gaps, plans, check-ins, recall, matching."""
