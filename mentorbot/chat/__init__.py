"""The vocabulary that the core and the chat platforms share: cards, forms, charts, plain text, the platform protocol."""
