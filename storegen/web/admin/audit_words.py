"""What an entry of the audit log holds, in words: what a field was and what it is now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storegen.values.money import to_decimal
from storegen.web.admin import labels
from storegen.web.context import current, gettext

MOST = 300
"""Characters of an entry's details."""
_ONE = 60
_TITLES: Mapping[str, Mapping[str, str]] = {
    # fields whose values are codes
    "status": {code: title for code, (title, _) in labels.STATES.items()},
    "return_class": dict(labels.RETURN_CLASSES),
    "kind": {**labels.REFUND_KINDS, **dict(labels.PAGE_KINDS), **labels.PRICE_CHANGES},
    "compare": labels.COMPARE_CHANGES,
    "by": labels.WAYS_IN,
}
_MONEY = frozenset({"amount", "price", "compare_at", "step"})
_YES_NO = frozenset({"backorder"})
"""Kept as numbers: none, or so many that it is all."""


def details(action: str, data: Mapping[str, Any] | None) -> str:
    """One line of plain text, such as ``Price: ¥12.00 → ¥10.00; Changed: Description``.

    Fields of a plugin's own keep the names that it gave them.
    """
    rest = dict(data or {})
    if action == "product.bulk_price":
        rest["value"] = _price_change(rest)
    before, after = _pair(rest)
    parts = [
        _said(name, f"{_value(name, before.get(name))} → {_value(name, value)}")
        for name, value in after.items()
        if before.get(name) != value
    ]
    changed = rest.pop("changed", None)
    if changed:
        parts.append(_said("changed", gettext(", ").join(_name(str(name)) for name in changed)))
    parts += [_said(name, _value(name, value)) for name, value in rest.items()]
    return _cut("; ".join(parts), MOST)


def _pair(rest: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(field → what it was, field → what it is), taken out of ``rest``. Where no field is named,
    it is a price."""
    before, after = rest.pop("before", {}), rest.pop("after", {})
    if isinstance(before, dict) and isinstance(after, dict):
        return before, {**dict.fromkeys(before), **after}
    return {"price": before}, {"price": after}


def _price_change(rest: Mapping[str, Any]) -> str:
    value = int(rest.get("value", 0))
    if rest.get("kind") == "percent":
        return f"{to_decimal(value, 'CNY')}%"  # basis points: a decimal of two digits
    return current().money(value)


def _said(name: str, text: str) -> str:
    return f"{_name(name)}: {text}"


def _name(name: str) -> str:
    title = labels.AUDIT_FIELDS.get(name)
    return gettext(title) if title else name


def _value(name: str, value: Any) -> str:
    if isinstance(value, bool) or (name in _YES_NO and isinstance(value, int)):
        return gettext("Yes") if value else gettext("No")
    if value is None or value in ("", [], {}):
        return "—"
    if isinstance(value, int) and name in _MONEY:
        return current().money(value)
    if isinstance(value, dict):
        inner = (f"{_name(str(key))} {_value(str(key), one)}" for key, one in value.items())
        return _cut(gettext(", ").join(inner), _ONE)
    if isinstance(value, list):
        if name == "products":  # internal numbers, which nobody knows them by
            return str(len(value))
        return _cut(gettext(", ").join(_value(name, one) for one in value), _ONE)
    title = _TITLES.get(name, {}).get(str(value))
    return gettext(title) if title else _cut(str(value), _ONE)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
