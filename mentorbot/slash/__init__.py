"""The command framework: registry, tokenizer, parser, converters and forms. It knows nothing about mentoring."""
