"""Programs for those who work on storegen itself; none of this is in the wheel."""
