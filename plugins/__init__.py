"""Bundled plugins; each is what an outsider could have written."""
