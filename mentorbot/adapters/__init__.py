"""The doors: one folder for each chat platform. They never import each other."""
