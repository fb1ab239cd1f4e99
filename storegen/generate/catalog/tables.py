"""Files as rows: delimited text and workbooks, with the header told from the rest."""

from __future__ import annotations

import csv
import datetime
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml.common import DefusedXmlException
from openpyxl.utils.exceptions import InvalidFileException

from storegen.errors import UnreadableCatalog
from storegen.generate.catalog.cells import restore
from storegen.generate.catalog.detect import GIVE_ANOTHER
from storegen.values.catalog import RowProblem

Row = tuple[int, list[str]]
"""A row's number as a spreadsheet shows it, and its cells. From a feed without columns the
cells are name, value, name, value ..."""

_LONGEST_CELL = 1 << 20
_SPACE = re.compile(r"\s+")


class RowSource(Protocol):
    """The rows below the header. ``dear`` says that going through them again costs much."""

    header: list[str]
    dear: bool

    def rows(self) -> Iterator[Row | RowProblem]: ...


def normal(name: str) -> str:
    """A column's name as it is compared: lower case, single spaces."""
    return _SPACE.sub(" ", name.replace("\ufeff", "")).strip().lower()


class Columns:
    """The header, seen through a format's names for its fields.

    ``fields`` maps a normalised column name to the field it fills. What is in no such map is
    ``unknown``: (index, name) in the order of the file.
    """

    def __init__(self, header: Sequence[str], fields: Mapping[str, str]) -> None:
        self.index: dict[str, int] = {}
        self.names: dict[str, str] = {}
        self.unknown: list[tuple[int, str]] = []
        seen: set[str] = set()
        for index, raw in enumerate(header):
            name = raw.replace("\ufeff", "").strip()
            field = fields.get(normal(name))
            if field is not None and field not in self.index:
                self.index[field], self.names[field] = index, name
            elif name and name not in seen:
                self.unknown.append((index, name))
            seen.add(name)


class Record:
    """One row under its `Columns`."""

    __slots__ = ("cells", "columns", "row")

    def __init__(self, row: Row, columns: Columns) -> None:
        self.row, self.cells = row
        self.columns = columns

    def raw(self, field: str) -> str:
        index = self.columns.index.get(field)
        return self.cells[index] if index is not None else ""

    def get(self, field: str) -> str:
        return self.raw(field).strip()

    def name(self, field: str) -> str:
        """The file's own name of the field's column."""
        return self.columns.names.get(field, "")

    def unknown(self) -> Iterator[tuple[str, str]]:
        for index, name in self.columns.unknown:
            if self.cells[index].strip():
                yield name, self.cells[index]


def fit(number: int, cells: list[str], width: int, file: str) -> Row | RowProblem | None:
    """A raw row made as wide as the header; None where it is blank."""
    if not any(cell.strip() for cell in cells):
        return None
    if len(cells) > width:
        beyond = [cell for cell in cells[width:] if cell.strip()]
        if beyond:
            return RowProblem(
                file=file,
                row=number,
                column="",
                reason=f"the row has {len(cells)} cells, the header has {width}",
                value=beyond[0][:80],
            )
        del cells[width:]
    cells.extend([""] * (width - len(cells)))
    return number, [restore(cell) for cell in cells]


class _Lines:
    """The lines of a file, able to go back to the line after a record's first.

    A stray quote would swallow the rows after it; going back loses only its own row.
    """

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: list[str] = []
        self.record: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else next(self._lines)
        self.record.append(line)
        return line

    def back(self) -> None:
        self._again.extend(reversed(self.record[1:]))


class DelimitedRows:
    """Comma, semicolon or tab separated text; read anew on each pass."""

    dear = False

    def __init__(self, path: Path, encoding: str) -> None:
        self._path, self._encoding = path, encoding
        with path.open(encoding=encoding, newline="") as file:
            sample = file.read(1 << 16)
        self.delimiter = _delimiter(sample)
        self._start = 1
        self.header = []
        for number, cells in self._records():
            if isinstance(cells, list) and any(cell.strip() for cell in cells):
                self.header, self._start = [restore(cell) for cell in cells], number
                break
        while self.header and not self.header[-1].strip():
            self.header.pop()

    def rows(self) -> Iterator[Row | RowProblem]:
        file, width = self._path.name, len(self.header)
        for number, cells in self._records():
            if number <= self._start:
                continue
            if isinstance(cells, str):
                yield RowProblem(file=file, row=number, column="", reason=cells)
            elif (row := fit(number, cells, width, file)) is not None:
                yield row

    def _records(self) -> Iterator[tuple[int, list[str] | str]]:
        csv.field_size_limit(_LONGEST_CELL)
        number = 0
        with self._path.open(encoding=self._encoding, newline="") as file:
            lines = _Lines(iter(file))
            reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
            while True:
                number += 1
                lines.record.clear()
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield number, _quote_reason(error)
                    lines.back()
                    reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
                else:
                    yield number, cells


def _quote_reason(error: csv.Error) -> str:
    if "expected after" in str(error):
        return "a quoted cell is followed by more text; double the quotes inside it"
    if "field larger" in str(error):
        return "a cell is longer than 1,048,576 characters; is a closing quote missing?"
    return "a quote in this row is never closed"


def _delimiter(sample: str) -> str:
    """The separator that the header line uses most, quoted text aside."""
    header = re.sub(r'"[^"]*"', "", sample.lstrip("\ufeff\r\n ")).split("\n", 1)[0]
    return max(",;\t", key=header.count)


class WorkbookRows:
    """The first sheet of an .xlsx workbook that has anything in it."""

    dear = True

    def __init__(self, path: Path) -> None:
        self._path = path
        self.header = []
        self._sheet, self._start = "", 0
        for sheet, number, cells in self._cells():
            if any(cell.strip() for cell in cells):
                self.header = [restore(cell) for cell in cells]
                self._sheet, self._start = sheet, number
                break
        while self.header and not self.header[-1].strip():
            self.header.pop()

    def rows(self) -> Iterator[Row | RowProblem]:
        file, width = self._path.name, len(self.header)
        for sheet, number, cells in self._cells():
            if sheet != self._sheet or number <= self._start:
                continue
            row = fit(number, cells, width, file)
            if row is not None:
                yield row

    def _cells(self) -> Iterator[tuple[str, int, list[str]]]:
        # A file, not a path: openpyxl judges paths by their extension.
        with self._path.open("rb") as file:
            try:
                with _quiet():
                    book = openpyxl.load_workbook(
                        file, read_only=True, data_only=True, keep_links=False
                    )
                for sheet in book.worksheets:
                    sheet.reset_dimensions()
                    rows = enumerate(sheet.iter_rows(values_only=True), 1)
                    while True:
                        with _quiet():
                            number, values = next(rows, (0, ()))
                        if not number:
                            break
                        yield sheet.title, number, [show_value(value) for value in values]
            except _BROKEN_WORKBOOK as error:
                raise self._damaged(error) from None

    def _damaged(self, error: Exception) -> UnreadableCatalog:
        # While it loads, openpyxl wraps what went wrong.
        if isinstance(error, DefusedXmlException) or isinstance(
            error.__cause__, DefusedXmlException
        ):
            return UnreadableCatalog(
                self._path, "it declares XML entities, which no catalog needs", GIVE_ANOTHER
            )
        return UnreadableCatalog(
            self._path, "it is a damaged .xlsx file", "Save it again and try once more."
        )


@contextmanager
def _quiet() -> Iterator[None]:
    """openpyxl warns of styles and extensions that it does not know; here nobody needs them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


_BROKEN_WORKBOOK = (
    zipfile.BadZipFile,
    InvalidFileException,
    ParseError,
    DefusedXmlException,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
)


def show_value(value: Any) -> str:
    """A workbook's cell as a CSV would hold it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)
