"""The vocabulary shared by core and chat platforms: cards, forms, charts, plain text, and the platform protocol."""
