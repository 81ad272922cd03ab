"""Adapters for chat platforms, one folder each. They never import each other."""
