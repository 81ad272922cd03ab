"""Chat platform adapters, one folder each. They never import each other."""
