"""Requests into values: JSON within limits, every refusal an `Invalid` with reason codes."""

from __future__ import annotations

import json
from typing import Any, NoReturn

import marshmallow as ma
from flask import Request
from webargs import missing
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from storegen.errors import Invalid, MissingKey

MAX_BODY = 256 * 1024
"""Bytes. The longest honest request is an order with its note and acknowledgements."""


class Parser(FlaskParser):
    """Takes bodies as ``application/json`` only: a form of another site can send text/plain."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "json": ma.RAISE}

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        body = req.get_data(cache=True)
        if not body:
            return missing
        if req.mimetype != "application/json":
            raise UnsupportedMediaType
        return load(body)

    def handle_error(
        self,
        error: ma.ValidationError,
        req: Request,
        schema: ma.Schema,
        *,
        error_status_code: int | None,
        error_headers: Any,
    ) -> NoReturn:
        problems: Any = error.messages
        if isinstance(problems, dict) and "headers" in problems:
            raise MissingKey
        if isinstance(problems, dict) and set(problems) <= {"json", "query"}:
            problems = next(iter(problems.values()))
        raise Invalid(problems if isinstance(problems, dict) else {"body": problems})


def load(body: bytes) -> Any:
    """JSON as RFC 8259 has it: no NaN, no endless digits, no nesting that exhausts the stack."""
    try:
        return json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise BadRequest from None


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)
