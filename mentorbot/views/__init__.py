"""What things look like: domain records in, cards out. Pure; used by commands and delivery."""
