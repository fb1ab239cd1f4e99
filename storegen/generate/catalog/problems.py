"""Collecting what is wrong with the rows of one product."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from storegen.generate.catalog.cells import BadCell
from storegen.generate.catalog.tables import Record
from storegen.values.catalog import RowProblem

_T = TypeVar("_T")
_SHOWN = 80


class Problems:
    """The problems found since the last `drain`, all of one file."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._found: list[RowProblem] = []

    def add(self, row: int, column: str, reason: str, value: object = "") -> None:
        text = str(value)
        if len(text) > _SHOWN:
            text = text[: _SHOWN - 1] + "…"
        if len(reason) > 3 * _SHOWN:
            reason = reason[: 3 * _SHOWN - 1] + "…"
        self._found.append(
            RowProblem(file=self._file, row=row, column=column, reason=reason, value=text)
        )

    def cell(self, record: Record, field: str, reason: str) -> None:
        self.add(record.row, record.name(field), reason, record.get(field))

    def read(self, record: Record, field: str, parse: Callable[[str], _T], default: _T) -> _T:
        """The parsed cell; ``default`` where it is blank, and where it is bad, which is noted."""
        text = record.get(field)
        if not text:
            return default
        try:
            return parse(text)
        except BadCell as error:
            self.cell(record, field, str(error))
            return default

    def drain(self) -> list[RowProblem]:
        found, self._found = self._found, []
        return found
