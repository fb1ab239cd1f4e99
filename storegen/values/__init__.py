"""Frozen values that cross the seams."""
