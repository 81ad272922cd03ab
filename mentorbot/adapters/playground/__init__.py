"""The playground: the whole bot in a local web page, without any account."""
