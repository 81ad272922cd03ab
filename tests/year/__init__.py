"""A year of simulated time, with everybody's habits, checked message by message."""
