"""What each hook may return; another value is a fault of the plugin.

Money is decided by these values, so their fields are looked at too: a float or a text in the place
of minor units must cost the plugin its answer, not the shop its quote.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from storegen.values.carrier import Carrier
from storegen.values.plugin import Companion
from storegen.values.pricing import LineTax, Offer, Promotion, Surcharge
from storegen.values.reward import IssuedReward

Check = Callable[[Any], str]
"""Value (never None) → what is wrong with it, "" if nothing."""
_PLAIN = (int, str, bool)
_Field = Callable[[Any], bool]


def _takes(hint: Any) -> _Field:
    """Whether a value is of the type that a field's annotation names."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        return lambda value: isinstance(value, str) and value in inner
    if origin in (Union, types.UnionType):
        ways = [_takes(each) for each in inner]
        return lambda value: any(way(value) for way in ways)
    if origin is tuple:
        if len(inner) == 2 and inner[1] is Ellipsis:
            item = _takes(inner[0])
            return lambda value: type(value) is tuple and all(map(item, value))
        items = [_takes(each) for each in inner]
        return lambda value: (
            type(value) is tuple
            and len(value) == len(items)
            and all(take(each) for take, each in zip(items, value, strict=True))
        )
    if origin is not None and issubclass(origin, Mapping):
        return lambda value: isinstance(value, Mapping)
    if isinstance(hint, type) and is_dataclass(hint):
        whole = _whole(hint)
        return lambda value: not whole(value)
    if hint is Any:
        return lambda value: True
    # `type() is`, because True is an int to isinstance and no amount to anybody.
    return lambda value: type(value) is hint


def _whole(kind: type) -> Check:
    """Of this dataclass, and every field of the type that it is declared with."""
    hints = get_type_hints(kind)
    # Plain types are compared here, without a call for each: a quote looks at hundreds of fields.
    plain = [(each.name, hints[each.name]) for each in fields(kind) if hints[each.name] in _PLAIN]
    others = [
        (each.name, _takes(hints[each.name]))
        for each in fields(kind)
        if hints[each.name] not in _PLAIN
    ]

    def check(value: Any) -> str:
        if not isinstance(value, kind):
            return f"{type(value).__name__} instead of {kind.__name__}"
        for name, wanted in plain:
            if type(getattr(value, name)) is not wanted:
                return f"{kind.__name__} with {type(getattr(value, name)).__name__} as {name}"
        for name, take in others:
            if not take(getattr(value, name)):
                return f"{kind.__name__} with {type(getattr(value, name)).__name__} as {name}"
        return ""

    return check


def _list_of(kind: type) -> Check:
    whole = _whole(kind)

    def check(value: Any) -> str:
        if not isinstance(value, list | tuple):
            return f"{type(value).__name__} instead of a list of {kind.__name__}"
        return next((problem for one in value if (problem := whole(one))), "")

    return check


def _objects(value: Any) -> str:
    """A list; what is in it is checked where it is taken in."""
    return "" if isinstance(value, list | tuple) else f"{type(value).__name__} instead of a list"


def _taxes(value: Any) -> str:
    if not isinstance(value, Mapping):
        return f"{type(value).__name__} instead of a mapping"
    for key, tax in value.items():
        if type(key) is not str:
            return f"a key of type {type(key).__name__}"
        if problem := _tax(tax):
            return problem
    return ""


def _json(value: Any) -> str:
    if not isinstance(value, Mapping):
        return f"{type(value).__name__} instead of a mapping"
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        return f"what is no JSON ({error})"
    return ""


def _fields_by_id(value: Any) -> str:
    if not isinstance(value, Mapping):
        return f"{type(value).__name__} instead of a mapping"
    for key, more in value.items():
        if type(key) is not int:
            return f"a key of type {type(key).__name__}"
        if problem := _json(more):
            return problem
    return ""


def _files(value: Any) -> str:
    if not isinstance(value, Mapping):
        return f"{type(value).__name__} instead of a mapping"
    for name, content in value.items():
        if type(name) is not str or not isinstance(content, bytes):
            return "a file that is not name → bytes"
    return ""


def _anything(value: Any) -> str:
    return ""


def _nothing(value: Any) -> str:
    return f"{type(value).__name__} where nothing is returned"


_tax = _whole(LineTax)

CHECKS: Mapping[str, Check] = {
    "payment_methods": _objects,
    "companions": _list_of(Companion),
    "message_channels": _objects,
    "carriers": _list_of(Carrier),
    "root_files": _files,
    "pricing_facts": _anything,
    "offers": _list_of(Offer),
    "discounts": _list_of(Promotion),
    "fees": _list_of(Surcharge),
    "tax_lines": _taxes,
    "check_order": _nothing,
    "during_transition": _nothing,
    "on_event": _nothing,
    "issue_reward": _whole(IssuedReward),
    "api_fields": _fields_by_id,
    "personal_data": _json,
    "erase_personal_data": _nothing,
    "seed": _nothing,
}
