"""Forms: a marshmallow schema reads what came; what is wrong is kept beside what was typed.

Fields that a schema does not have (a price, a status) are left aside unread. Problems are reason
codes; `words.problem` says them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import request
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from storegen.errors import Invalid
from storegen.web.storefront import words


@dataclass(frozen=True, slots=True)
class Form:
    """What a form shows again: ``values`` as typed, ``problems`` as reason codes by field."""

    values: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        return self.values.get(name, "")

    def error(self, name: str) -> str | None:
        """The sentence beside a field, in the reader's language."""
        code = self.problems.get(name)
        return words.problem(name, code) if code else None

    def with_problems(self, problems: Mapping[str, Any]) -> Form:
        return Form(self.values, {**self.problems, **flat(problems)})


class Base(Schema):
    class Meta:
        unknown = EXCLUDE


def text(most: int, *, required: bool = False) -> fields.String:
    """One line or more of at most ``most`` signs; without it, "" or the problem ``required``."""
    limits: list[validate.Validator] = [validate.Length(max=most, error="too-long")]
    if required:
        limits.append(validate.Length(min=1, error="required"))
        return fields.String(
            required=True, validate=limits, error_messages={"required": "required"}
        )
    return fields.String(load_default="", validate=limits)


def read(schema: Schema) -> tuple[dict[str, Any], Form]:
    """The present request's form: the values that are good, and the form to show again."""
    typed = {name: request.form.get(name, "").strip() for name in schema.fields}
    if "password" in typed or "old" in typed:  # a password may begin with a space
        typed |= {n: request.form.get(n, "") for n in ("password", "old") if n in typed}
    try:
        good: dict[str, Any] = schema.load(typed)
        problems: dict[str, Any] = {}
    except ValidationError as error:
        good = error.valid_data if isinstance(error.valid_data, dict) else {}
        problems = error.normalized_messages()  # type: ignore[no-untyped-call]
    shown = {name: value for name, value in typed.items() if name not in ("password", "old")}
    return good, Form(shown, flat(problems))


def of_invalid(error: Invalid) -> dict[str, str]:
    return flat(error.problems)


def flat(problems: Mapping[str, Any]) -> dict[str, str]:
    """One reason code per field, from marshmallow's lists and the domain's plain codes."""
    found: dict[str, str] = {}
    for name, value in problems.items():
        while isinstance(value, list | tuple):
            value = value[0] if value else ""
        if isinstance(value, Mapping):
            found |= {f"{name}-{key}": inner for key, inner in flat(value).items()}
        elif value:
            found[name] = str(value)
    return found
