"""Carts: one door to change them (`changes.apply`), one statement to read them (`loading.load`)."""

from __future__ import annotations

from storegen.domain.carts.changes import set_attribute

__all__ = ["set_attribute"]
