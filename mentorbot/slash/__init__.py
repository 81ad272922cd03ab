"""The command framework: registry, tokenizer, parser, converters and forms.

It's generic over its host: it knows no command, no storage, and nothing about where a host's choices come from.
"""
