"""The declarative base, and the column shapes that every table shares."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from sqlalchemy import JSON, BigInteger, Dialect, Integer, MetaData, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ALPHABET = "abcdefghjkmnpqrstvwxyz0123456789"  # 32 signs, none easily taken for another


def random_id(length: int = 13) -> str:
    """A random base32 text of ``5 * length`` bits (13 → 65 bits, 26 → 130 bits)."""
    # 256 is a multiple of 32, so five bits of each byte are as even as the bytes are.
    return "".join([_ALPHABET[byte & 31] for byte in secrets.token_bytes(length)])


class UTCMicros(TypeDecorator[datetime]):
    """An aware time, stored as UTC microseconds since 1970 in BIGINT.

    ``DateTime(timezone=True)`` comes back naive from SQLite; this comes back the same everywhere.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + timedelta(microseconds=int(value))


BigId = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only for a column typed INTEGER."""

Pk = Annotated[int, mapped_column(BigId, primary_key=True, autoincrement=True)]
PublicId = Annotated[str, mapped_column(String(32), unique=True, default=random_id)]
When = Annotated[datetime, mapped_column(UTCMicros)]
Amount = Annotated[int, mapped_column(BigInteger)]
JsonList = Annotated[list[Any], mapped_column(JSON, default=list)]
JsonDict = Annotated[dict[str, Any], mapped_column(JSON, default=dict)]


class Base(DeclarativeBase):
    type_annotation_map = {int: BigId}
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


__all__ = [
    "Amount",
    "Base",
    "BigId",
    "JsonDict",
    "JsonList",
    "Mapped",
    "Pk",
    "PublicId",
    "UTCMicros",
    "When",
    "mapped_column",
    "random_id",
]
