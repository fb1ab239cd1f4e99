"""The first member of an archive: what it holds, and how much of each.

A restore believes nothing that the manifest does not announce, and checks everything that it does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, cast

from marshmallow import Schema, ValidationError, fields, post_load, validate

FORMAT = 1
NAME = "manifest.json"
MAX_BYTES = 64 << 20

_COUNT = validate.Range(min=0)
_SQL_NAME = validate.Regexp(r"[a-z][a-z0-9_]{0,62}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A member: ``size`` in bytes, ``sha256`` in hexadecimal."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as it was: the columns in the order of its dump, and how many rows."""

    name: str
    columns: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """``created`` is ISO 8601 in UTC, ``database`` sqlite or postgresql, ``revisions`` stream →
    revision, ``sequences`` table → the highest id ever given, ``sums`` what must come out again
    (money in minor units, units of stock)."""

    storegen: str
    created: str
    shop: str
    database: str
    revisions: Mapping[str, str]
    tables: tuple[Table, ...]
    sequences: Mapping[str, int]
    sums: Mapping[str, int]
    files: tuple[File, ...]
    format: int = field(default=FORMAT)

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()


def read_manifest(data: bytes) -> Manifest:
    """Raises `ValueError` with the reason."""
    try:
        raw = json.loads(data)
    except (ValueError, RecursionError):
        raise ValueError("its manifest cannot be read") from None
    if isinstance(raw, dict) and isinstance(raw.get("format"), int) and raw["format"] > FORMAT:
        raise ValueError("it was made by a newer release of storegen")
    try:
        made: Manifest = _Manifest().load(raw)
    except ValidationError as error:
        key = next(iter(cast(dict[str, Any], error.messages)))
        raise ValueError(f"its manifest is wrong at '{key}'") from None
    return made


class _File(Schema):
    name = fields.String(required=True)
    size = fields.Integer(required=True, strict=True, validate=_COUNT)
    sha256 = fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{64}\Z"))

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> File:
        return File(**data)


class _Table(Schema):
    name = fields.String(required=True, validate=_SQL_NAME)
    columns = fields.List(
        fields.String(validate=_SQL_NAME), required=True, validate=validate.Length(min=1)
    )
    rows = fields.Integer(required=True, strict=True, validate=_COUNT)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Table:
        return Table(**{**data, "columns": tuple(data["columns"])})


class _Manifest(Schema):
    format = fields.Integer(required=True, strict=True, validate=validate.Equal(FORMAT))
    storegen = fields.String(required=True)
    created = fields.String(required=True)
    shop = fields.String(required=True)
    database = fields.String(required=True, validate=validate.OneOf(["sqlite", "postgresql"]))
    revisions = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    tables = fields.List(fields.Nested(_Table), required=True)
    sequences = fields.Dict(
        keys=fields.String(validate=_SQL_NAME),
        values=fields.Integer(strict=True, validate=_COUNT),
        required=True,
    )
    sums = fields.Dict(keys=fields.String(), values=fields.Integer(strict=True), required=True)
    files = fields.List(fields.Nested(_File), required=True)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Manifest:
        return Manifest(**{**data, "tables": tuple(data["tables"]), "files": tuple(data["files"])})
