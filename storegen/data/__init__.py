"""Published data that ships with storegen, read by the module that names it."""
