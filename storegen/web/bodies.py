"""Forms within limits, however they are encoded.

Werkzeug counts the fields of multipart forms only. An URL-encoded one of two megabytes holds
200,000 fields and takes seconds of a core, from anybody and before any check of who sends it.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from flask import Request as FlaskRequest
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser


class FormParser(FormDataParser):
    """``max_form_memory_size`` and ``max_form_parts`` hold for URL-encoded forms too."""

    def _parse_urlencoded(
        self, stream: Any, mimetype: str, content_length: int | None, options: dict[str, str]
    ) -> Any:
        most = -1 if self.max_form_memory_size is None else self.max_form_memory_size
        body = stream.read() if most < 0 else stream.read(most + 1)
        if 0 <= most < len(body) or (
            self.max_form_parts is not None and body.count(b"&") >= self.max_form_parts
        ):
            raise RequestEntityTooLarge
        items = parse_qsl(body.decode(), keep_blank_values=True, errors="werkzeug.url_quote")
        return stream, self.cls(items), self.cls()


class Request(FlaskRequest):
    form_data_parser_class = FormParser
