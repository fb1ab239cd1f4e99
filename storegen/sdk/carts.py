"""The door through which a plugin's forms change a cart."""

from __future__ import annotations

from storegen.domain.carts.changes import AddCoupon, RemoveCoupon, apply, set_attribute

__all__ = ["AddCoupon", "RemoveCoupon", "apply", "set_attribute"]
