"""Fields of request bodies and queries: strict, bounded, refused by reason codes.

A whole number is a number, never a text or a boolean; JSON has one kind of number, so ``3.0`` is
three (RFC 8259, and JSON Schema's ``integer``). Texts never hold NUL, which PostgreSQL cannot keep.
"""

from __future__ import annotations

import re
from typing import Any

from marshmallow import ValidationError, fields, validate

REQUIRED = {"required": "required", "null": "required"}
_LARGEST = 2**53
_DIGITS = re.compile(r"-?[0-9]{1,18}(\.0+)?", re.ASCII)
_NO_NUL = r"^[^\x00]*$"


class Whole(fields.Integer):
    """An integer from ``least`` to ``most``. In a query (``from_text``) it arrives as digits."""

    default_error_messages = {**REQUIRED, "invalid": "not-a-number", "range": "out-of-range"}

    def __init__(self, *, least: int, most: int, from_text: bool = False, **more: Any) -> None:
        self.from_text = from_text
        bounds = validate.Range(min=least, max=most, error="out-of-range")
        super().__init__(strict=True, validate=bounds, **more)

    def _validated(self, value: Any) -> int:
        if self.from_text and isinstance(value, str) and _DIGITS.fullmatch(value):
            return int(value.partition(".")[0])
        if isinstance(value, float) and value.is_integer() and abs(value) <= _LARGEST:
            return int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.make_error("invalid")
        return value


class Text(fields.String):
    """A text of at most ``most`` characters. ``pattern`` replaces the plain "no NUL" rule."""

    default_error_messages = {**REQUIRED, "invalid": "not-text"}

    def __init__(
        self, *, most: int, least: int = 0, pattern: str = "", metadata: Any = None, **more: Any
    ) -> None:
        self.rule = re.compile(pattern or _NO_NUL)
        length = validate.Length(min=least or None, max=most, error="wrong-length")
        described = {"pattern": pattern or _NO_NUL, **(metadata or {})}
        super().__init__(validate=length, metadata=described, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        try:
            text.encode()  # half of a surrogate pair is no text
        except UnicodeEncodeError:
            raise self.make_error("invalid") from None
        if not self.rule.search(text) or (text.endswith("\n") and self.rule.pattern != _NO_NUL):
            raise ValidationError("not-understood")
        return text


class OneOf(Text):
    """One of a few words."""

    def __init__(self, *words: str, metadata: Any = None, **more: Any) -> None:
        self.words = words
        super().__init__(most=64, metadata={"enum": list(words), **(metadata or {})}, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text not in self.words:
            raise ValidationError("unknown")
        return text


class Flag(fields.Boolean):
    """``true`` or ``false`` and nothing that looks like it."""

    default_error_messages = {**REQUIRED, "invalid": "not-a-boolean"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class Truth(fields.Boolean):
    """A flag in a query: the word ``true`` or ``false``."""

    default_error_messages = {**REQUIRED, "invalid": "not-a-boolean"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if value not in ("true", "false"):
            raise self.make_error("invalid")
        return bool(value == "true")


class Several(fields.List[Any]):
    """A list of at most ``most`` items."""

    default_error_messages = {**REQUIRED, "invalid": "not-a-list"}

    def __init__(self, inner: Any, *, most: int, **more: Any) -> None:
        self.most = most
        super().__init__(inner, validate=validate.Length(max=most, error="too-many"), **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list) and len(value) > self.most:
            raise ValidationError("too-many")  # before ten thousand items are looked at
        return super()._deserialize(value, attr, data, **kwargs)


class Part(fields.Nested):
    """An object inside of an object."""

    default_error_messages = {**REQUIRED, "type": "not-an-object"}
