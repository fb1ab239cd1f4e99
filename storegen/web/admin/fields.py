"""Fields for the forms of the back office: marshmallow's, with titles and a few kinds of our own.

Titles and messages are English message ids; they are translated where the form is drawn.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, missing, validate
from werkzeug.datastructures import FileStorage

from storegen.errors import InvalidAmount
from storegen.values.money import parse_decimal, to_decimal
from storegen.web.context import gettext

REQUIRED: dict[str, Any] = {"required": "Please fill this in.", "null": "Please fill this in."}
Choices = Iterable[tuple[str, str]]


class Money(fields.Field[int]):
    """An amount typed as ``19.90``; minor units inside."""

    def __init__(self, currency: str, *, signed: bool = False, **more: Any) -> None:
        super().__init__(**more)
        self.currency, self.signed = currency, signed

    def _serialize(self, value: int | None, attr: str | None, obj: Any, **_: Any) -> str:
        return "" if value is None else to_decimal(value, self.currency)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        text = unicodedata.normalize("NFKC", str(value)).replace(",", "").strip()
        try:
            amount = parse_decimal(text.lstrip("+") if self.signed else text, self.currency)
        except InvalidAmount:
            raise ValidationError(
                gettext("“%(text)s” is not an amount such as 19.90.", text=text[:40])
            ) from None
        if amount < 0 and not self.signed:
            raise ValidationError(gettext("This cannot be less than zero."))
        if abs(amount) > 10**12:
            raise ValidationError(gettext("This is too much."))
        return amount


class Words(fields.Field[list[str]]):
    """Several short texts, one a line or with commas between (Chinese ones too)."""

    def _serialize(self, value: Any, *_: Any, **__: Any) -> str:
        return ", ".join(value or ())

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> list[str]:
        text = str(value)
        for sign in "，、;；\n\r":
            text = text.replace(sign, ",")
        return list(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


class Texts(fields.Field[dict[str, str]]):
    """One text in each of the shop's languages: locale → text; empty ones are left out."""

    def __init__(self, locales: Iterable[str], *, most: int, **more: Any) -> None:
        super().__init__(**more)
        self.locales, self.most = tuple(locales), most

    def _serialize(self, value: Any, *_: Any, **__: Any) -> dict[str, str]:
        return {locale: (value or {}).get(locale, "") for locale in self.locales}

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> dict[str, str]:
        given = value if isinstance(value, Mapping) else {}
        texts = {name: tidy(str(given.get(name, ""))) for name in self.locales}
        for text in texts.values():
            if len(text) > self.most:
                raise ValidationError(gettext("At most %(most)s characters.", most=self.most))
        return {name: text for name, text in texts.items() if text}


class Upload(fields.Field[bytes]):
    """The bytes of a picture that was sent along."""

    def __init__(self, *, most: int, **more: Any) -> None:
        super().__init__(**more)
        self.most = most

    def _serialize(self, value: Any, *_: Any, **__: Any) -> None:
        return None

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bytes:
        if not isinstance(value, FileStorage):
            raise ValidationError(gettext("Please choose a file."))
        data = value.stream.read(self.most + 1)
        if len(data) > self.most:
            raise ValidationError(gettext("This file is too large."))
        if not data:
            raise ValidationError(gettext("This file is empty."))
        return data


class Percent(fields.Field[int]):
    """A rate typed as ``13`` or ``6.5``; basis points inside."""

    def _serialize(self, value: int | None, *_: Any, **__: Any) -> str:
        if value is None:
            return ""
        return f"{value // 100}.{value % 100:02d}".rstrip("0").rstrip(".")

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        text = unicodedata.normalize("NFKC", str(value)).strip().removesuffix("%").strip()
        whole, _dot, part = text.partition(".")
        if not (whole + part).isascii() or not (whole + part).isdigit() or len(part) > 2:
            raise ValidationError(gettext("Please type a rate such as 13 or 6.5."))
        rate = int(whole or 0) * 100 + int(part.ljust(2, "0"))
        if rate > 10_000:
            raise ValidationError(gettext("At most 100 %, please."))
        return rate


class Grams(fields.Field[int]):
    """A weight typed in grams, as ``250`` or ``12.5``; milligrams inside."""

    def _serialize(self, value: int | None, *_: Any, **__: Any) -> str:
        if value is None:
            return ""
        return f"{value // 1000}.{value % 1000:03d}".rstrip("0").rstrip(".")

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        text = unicodedata.normalize("NFKC", str(value)).replace(",", "").strip()
        whole, _dot, part = text.partition(".")
        if not (whole + part).isascii() or not (whole + part).isdigit() or len(part) > 3:
            raise ValidationError(gettext("Please type a weight in grams such as 250."))
        if len(whole) > 9:
            raise ValidationError(gettext("This is too much."))
        return int(whole or 0) * 1000 + int(part.ljust(3, "0"))


class Line(fields.String):
    """Text without the signs that databases and CSV readers stumble over."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        text = super()._deserialize(value, attr, data, **more)
        return tidy(text) if isinstance(text, str) else text


def tidy(text: str) -> str:
    return text.replace("\0", "").replace("\r\n", "\n").strip()


def longest(most: int) -> Any:
    def check(text: str) -> None:
        if len(text) > most:
            raise ValidationError(gettext("At most %(most)s characters.", most=most))

    check.most = most  # type: ignore[attr-defined]
    return check


def between(least: int, most: int) -> Any:
    def check(number: int) -> None:
        if not least <= number <= most:
            raise ValidationError(
                gettext("From %(least)s to %(most)s, please.", least=least, most=most)
            )

    check.least, check.most = least, most  # type: ignore[attr-defined]
    return check


def text(title: str, most: int = 255, *, required: bool = False, **meta: Any) -> fields.Field[Any]:
    checks = [longest(most)]
    if required:
        checks.append(validate.Length(min=1, error="Please fill this in."))
    return Line(
        required=required,
        load_default=missing if required else "",
        validate=checks,
        error_messages=REQUIRED,
        metadata={"title": title, **meta},
    )


def number(
    title: str, least: int = 0, most: int = 10**9, *, empty: bool = False, **meta: Any
) -> fields.Field[Any]:
    """``empty``: nothing typed is None."""
    return fields.Integer(
        required=not empty,
        allow_none=empty,
        load_default=None if empty else missing,
        validate=between(least, most),
        error_messages={
            **REQUIRED,
            "invalid": "Please type a whole number.",
            "too_large": "This is too much.",
        },
        metadata={"title": title, **meta},
    )


def money(
    title: str, currency: str, *, empty: bool = False, signed: bool = False, **meta: Any
) -> fields.Field[Any]:
    return Money(
        currency,
        signed=signed,
        required=not empty,
        allow_none=empty,
        load_default=None if empty else missing,
        error_messages=REQUIRED,
        metadata={"title": title, "suffix": currency, **meta},
    )


def percent(title: str, **meta: Any) -> fields.Field[Any]:
    return Percent(
        required=True, error_messages=REQUIRED, metadata={"title": title, "suffix": "%", **meta}
    )


def grams(title: str, **meta: Any) -> fields.Field[Any]:
    return Grams(
        allow_none=True, load_default=None, metadata={"title": title, "suffix": "g", **meta}
    )


def flag(title: str, **meta: Any) -> fields.Field[Any]:
    return fields.Boolean(load_default=False, metadata={"title": title, **meta})


def choice(title: str, choices: Choices, **meta: Any) -> fields.Field[Any]:
    found = tuple(choices)
    return fields.String(
        required=True,
        validate=validate.OneOf([code for code, _ in found], error="Please choose one of these."),
        error_messages=REQUIRED,
        metadata={"title": title, "choices": found, **meta},
    )


def several(title: str, choices: Choices, **meta: Any) -> fields.Field[Any]:
    found = tuple(choices)
    return fields.List(
        fields.String(
            validate=validate.OneOf([code for code, _ in found], error="Please choose from these.")
        ),
        load_default=list,
        metadata={"title": title, "choices": found, "widget": "boxes", **meta},
    )


def words(title: str, **meta: Any) -> fields.Field[Any]:
    return Words(load_default=list, metadata={"title": title, **meta})


def texts(title: str, locales: Iterable[str], most: int = 500, **meta: Any) -> fields.Field[Any]:
    return Texts(locales, most=most, load_default=dict, metadata={"title": title, **meta})


def upload(title: str, most: int, *, required: bool = True, **meta: Any) -> fields.Field[Any]:
    return Upload(
        most=most,
        required=required,
        load_default=missing if required else None,
        error_messages={**REQUIRED, "required": "Please choose a file."},
        metadata={"title": title, "widget": "file", **meta},
    )


def rows(title: str, schema: Schema, *, spare: int = 1, **meta: Any) -> fields.Field[Any]:
    """Many of one kind. ``spare`` empty ones are drawn below them, so that some can be added
    without a script; rows that are left empty are no rows."""
    return fields.List(
        fields.Nested(schema),
        load_default=list,
        metadata={"title": title, "widget": "rows", "spare": spare, **meta},
    )


def group(title: str, schema: Schema, **meta: Any) -> fields.Field[Any]:
    """Fields that belong together under one heading."""
    return fields.Nested(schema, load_default=dict, metadata={"title": title, **meta})


def form(**named: fields.Field[Any]) -> Schema:
    """A schema of these fields, in this order."""
    return Schema.from_dict(dict(named))()
