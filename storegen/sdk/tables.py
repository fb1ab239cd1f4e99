"""Tables of a plugin's own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, MetaData
from sqlalchemy.orm import DeclarativeBase

from storegen.models.base import Base, BigId


def tables(plugin: str) -> type[DeclarativeBase]:
    """A declarative base for the tables of ``plugin``; the manifest gets its ``metadata``.

    ``class Template(Base): __tablename__ = "template"`` makes the table ``p_<plugin>__template``:
    in SQL and foreign keys it goes by that name.
    """
    prefix = f"p_{plugin}__"

    class Tables(DeclarativeBase):
        type_annotation_map = {int: BigId}
        metadata = MetaData(naming_convention=Base.metadata.naming_convention)

        def __init_subclass__(cls, **options: Any) -> None:
            name = cls.__dict__.get("__tablename__")
            if isinstance(name, str) and not name.startswith(prefix):
                cls.__tablename__ = f"{prefix}{name}"
            super().__init_subclass__(**options)

    return Tables


def core_key(column: str, ondelete: str = "CASCADE") -> ForeignKey:
    """A reference to a table of the core, such as ``core_key("customer.id")``.

    The plugin's rows go with the core's, or stay with ``SET NULL``; one that kept a core row from
    being deleted would break the shop. Raises ``KeyError`` for a column that the core lacks.
    """
    if ondelete not in ("CASCADE", "SET NULL"):
        raise ValueError("a plugin may not keep a row of the core from being deleted")
    table, _, name = column.partition(".")
    return ForeignKey(Base.metadata.tables[table].columns[name], ondelete=ondelete)
