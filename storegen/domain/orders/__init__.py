"""Orders: placed once, moved by one table of transitions, described in one way."""
