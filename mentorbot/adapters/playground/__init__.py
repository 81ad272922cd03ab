"""The playground: the whole bot on a local web page, no account needed."""
