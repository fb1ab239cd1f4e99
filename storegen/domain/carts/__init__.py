"""Carts: one door to change them (`changes.apply`), one statement to read them (`loading.load`)."""
