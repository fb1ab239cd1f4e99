"""A form from a marshmallow schema: what is drawn, and what comes back.

Names in the HTML are paths with dots: ``zones.0.first`` is the field ``first`` of the first row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from marshmallow import Schema, ValidationError, fields
from werkzeug.datastructures import FileStorage, MultiDict

from storegen.web.admin.fields import Money, Texts, Upload, Words
from storegen.web.admin.picture_choice import PictureChoice
from storegen.web.context import gettext

MOST_ROWS = 500
REMOVE = "_remove"
"""A box in each row of a rows field: take this row out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One field as a template draws it. ``parts`` are the fields of a group or the languages of a
    text; ``rows`` those of a rows field, ``blank`` an empty row for scripts to copy."""

    name: str
    widget: str
    title: str
    value: Any = ""
    help: str = ""
    suffix: str = ""
    group: str = ""
    width: str = ""
    required: bool = False
    readonly: bool = False
    most: int | None = None
    least: int | None = None
    errors: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    parts: tuple[Input, ...] = ()
    rows: tuple[tuple[Input, ...], ...] = ()
    blank: tuple[Input, ...] = ()
    lang: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return "f-" + self.name.replace(".", "-")


def draw(
    schema: Schema, raw: Mapping[str, Any], errors: Mapping[str, Any], prefix: str = ""
) -> tuple[Input, ...]:
    """The inputs of a schema, filled with ``raw`` (texts as typed or dumped)."""
    return tuple(
        _input(name, item, raw.get(name), errors.get(name) or {}, prefix)
        for name, item in schema.fields.items()
        if not item.dump_only
    )


def shown(schema: Schema, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as their inputs show them: amounts as decimals, lists as words."""
    found: dict[str, Any] = schema.dump(dict(values))
    return found


def read(
    schema: Schema, form: MultiDict[str, str], files: MultiDict[str, FileStorage], prefix: str = ""
) -> dict[str, Any]:
    """What was sent, in the shape of the schema, still as texts: `Schema.load` judges it."""
    raw: dict[str, Any] = {}
    for name, item in schema.fields.items():
        path = f"{prefix}{name}"
        value = _read_one(item, path, form, files)
        if value is not None or item.allow_none:
            raw[name] = value
    return raw


def load(schema: Schema, raw: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(values, errors): one of them is empty."""
    try:
        values: dict[str, Any] = schema.load(dict(raw))
    except ValidationError as error:
        messages = error.messages
        return {}, dict(messages) if isinstance(messages, Mapping) else {"_schema": messages}
    return values, {}


def _read_one(
    item: fields.Field[Any],
    path: str,
    form: MultiDict[str, str],
    files: MultiDict[str, FileStorage],
) -> Any:
    if isinstance(item, Upload):
        file = files.get(path)
        return file if file is not None and file.filename else None
    if isinstance(item, PictureChoice):
        file = files.get(f"{path}.file")
        sent = file if file is not None and file.filename else ""
        return {"chosen": form.get(path, ""), "file": sent}
    if isinstance(item, fields.Boolean):
        return path in form
    if isinstance(item, Texts):
        return {locale: form.get(f"{path}.{locale}", "") for locale in item.locales}
    if isinstance(item, fields.List):
        if isinstance(item.inner, fields.Nested):
            return _read_rows(item.inner.schema, path, form, files)
        return form.getlist(path)
    if isinstance(item, fields.Nested):
        return read(item.schema, form, files, f"{path}.")
    text = form.get(path)
    if text is not None and not text.strip() and not isinstance(item, fields.String | Words):
        return None
    return text


def _read_rows(
    schema: Schema, path: str, form: MultiDict[str, str], files: MultiDict[str, FileStorage]
) -> list[dict[str, Any]]:
    start = len(path) + 1
    numbers = {
        int(part)
        for name in form
        if name.startswith(f"{path}.")
        and (part := name[start:].partition(".")[0]).isascii()
        and part.isdigit()
        and len(part) < 6
    }
    found = []
    for number in sorted(numbers)[:MOST_ROWS]:
        if f"{path}.{number}.{REMOVE}" in form:
            continue
        row = read(schema, form, files, f"{path}.{number}.")
        if _typed(schema, row):
            found.append(row)
    return found


def _typed(schema: Schema, row: Mapping[str, Any]) -> bool:
    """Whether somebody filled in this row: boxes and choices have a value by themselves, and a
    hidden key is there for rows that exist."""
    for name, value in row.items():
        item = schema.fields[name]
        if isinstance(item, fields.Boolean) or item.metadata.get("choices"):
            continue
        if item.metadata.get("preset") is not None and value == item.metadata["preset"]:
            continue
        if isinstance(value, Mapping):
            if any(str(text).strip() for text in value.values()):
                return True
        elif value not in (None, "", []):
            return True
    return False


def _input(name: str, item: fields.Field[Any], value: Any, errors: Any, prefix: str) -> Input:
    meta = item.metadata
    path = f"{prefix}{name}"
    known: dict[str, Any] = {
        "name": path,
        "title": gettext(str(meta.get("title", name.replace("_", " ").capitalize()))),
        "help": gettext(str(meta["help"])) if meta.get("help") else "",
        "suffix": str(meta.get("suffix", "")),
        "group": str(meta.get("group", "")),
        "width": str(meta.get("width", "")),
        "required": item.required,
        "readonly": bool(meta.get("readonly")),
        "errors": _messages(errors),
        "options": tuple((code, gettext(title)) for code, title in meta.get("choices", ())),
    }
    for check in item.validators:
        known["most"] = getattr(check, "most", getattr(check, "max", None)) or known.get("most")
        least = getattr(check, "least", None)
        known["least"] = least if least is not None else known.get("least")
    if isinstance(item, Texts):
        return Input(
            **{**known, "most": item.most},
            widget="texts",
            parts=_languages(item, path, value, meta),
        )
    if isinstance(item, fields.List) and isinstance(item.inner, fields.Nested):
        return _rows(known, item, path, value, errors)
    if isinstance(item, PictureChoice):
        chosen = value.get("chosen", "") if isinstance(value, Mapping) else ""
        return Input(**known, widget="picture", value=chosen, more={"offered": item.offered})
    if isinstance(item, fields.Nested):
        parts = draw(item.schema, value or {}, _mapping(errors), f"{path}.")
        return Input(**{**known, "errors": ()}, widget="group", parts=parts)
    return Input(
        **known,
        widget=str(meta.get("widget") or _widget(item)),
        value="" if value is None else value,
    )


def _rows(
    known: Mapping[str, Any], item: fields.List[Any], path: str, value: Any, errors: Any
) -> Input:
    inner = item.inner
    assert isinstance(inner, fields.Nested)
    wrong = _mapping(errors)
    given = list(value or ())
    preset = {
        name: each.metadata["preset"]
        for name, each in inner.schema.fields.items()
        if each.metadata.get("preset") is not None
    }
    filled = [*given, *([preset] * int(item.metadata.get("spare", 1)))]
    rows = tuple(
        _spare(drawn) if number >= len(given) else drawn
        for number, row in enumerate(filled)
        for drawn in [draw(inner.schema, row, _mapping(wrong.get(number)), f"{path}.{number}.")]
    )
    blank = _spare(draw(inner.schema, preset, {}, f"{path}.00000."))
    more = {"given": len(given), **item.metadata}
    return Input(**known, widget="rows", rows=rows, blank=blank, more=more)


def _spare(parts: tuple[Input, ...]) -> tuple[Input, ...]:
    """A row that may stay empty: a browser must not ask for its fields. A row that somebody began
    is judged when the form is read."""
    return tuple(replace(part, required=False, parts=_spare(part.parts)) for part in parts)


def _languages(item: Texts, path: str, value: Any, meta: Mapping[str, Any]) -> tuple[Input, ...]:
    given = value if isinstance(value, Mapping) else {}
    return tuple(
        Input(
            name=f"{path}.{locale}",
            widget=str(meta.get("widget", "text")),
            title=locale,
            lang=locale,
            value=given.get(locale, ""),
            most=item.most,
        )
        for locale in item.locales
    )


def _widget(item: fields.Field[Any]) -> str:
    if isinstance(item, fields.Boolean):
        return "box"
    if item.metadata.get("choices"):
        return "choice"
    if isinstance(item, Money):
        return "money"
    if isinstance(item, fields.Integer):
        return "number"
    if isinstance(item, fields.List):
        return "boxes"
    return "text"


def _messages(errors: Any) -> tuple[str, ...]:
    """What is wrong with this field itself, not with parts of it."""
    if isinstance(errors, str):
        return (gettext(errors),)
    if isinstance(errors, Sequence):
        return tuple(gettext(str(each)) for each in errors)
    if isinstance(errors, Mapping):
        return tuple(
            text
            for each in errors.values()
            if not isinstance(each, Mapping)
            for text in _messages(each)
        )
    return ()


def _mapping(errors: Any) -> Mapping[Any, Any]:
    return errors if isinstance(errors, Mapping) else {}
