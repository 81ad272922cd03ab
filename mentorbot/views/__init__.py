"""Cards, made from domain records. Pure functions; commands and delivery both use them."""
