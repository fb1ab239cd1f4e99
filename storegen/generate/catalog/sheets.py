"""Laid rows as CSV, TSV and workbooks: the header is known only after the last product."""

from __future__ import annotations

import csv
import dataclasses
import datetime
import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter

from storegen.generate.catalog.cells import neutralise
from storegen.generate.catalog.layout import Layout, lay_out
from storegen.generate.catalog.spool import RowSpool
from storegen.values.catalog import CatalogProduct

_EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
_ZIP_EPOCH = (2000, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
_DIGITS = re.compile(r"(\d+)")
_WHOLE = re.compile(r"-?(0|[1-9]\d{0,14})", re.ASCII)
_DECIMAL = re.compile(r"(0|[1-9]\d{0,11})\.\d{1,3}", re.ASCII)
_LONGEST_CELL = 32767


class SpooledRows:
    """All rows of some products, on disk, with the columns they turned out to need.

    Further columns come after the layout's own, in natural order of their names, so that the
    order of products and of their extras does not matter.
    """

    def __init__(
        self,
        products: Iterable[CatalogProduct],
        layout: Layout,
        clean: Callable[[str], str],
    ) -> None:
        self._spool = RowSpool()
        further: set[str] = set()
        known = set(layout.columns)
        try:
            for product in products:
                for cells in _laid(product, layout, clean):
                    further |= cells.keys() - known
                    self._spool.append(cells)
        except BaseException:
            self._spool.close()
            raise
        self.columns = [*layout.columns, *sorted(further, key=_natural)]

    def __iter__(self) -> Iterator[list[str]]:
        for index in range(len(self._spool)):
            cells = self._spool[index]
            yield [cells.get(name, "") for name in self.columns]

    def __len__(self) -> int:
        return len(self._spool)

    def close(self) -> None:
        self._spool.close()


def _laid(
    product: CatalogProduct, layout: Layout, clean: Callable[[str], str]
) -> list[dict[str, str]]:
    """The product's rows, cleaned. Where that changes one, the whole product is cleaned and laid
    out anew: which columns it needs follows from what the file will really say."""
    rows = [row.cells for row in lay_out(product, layout)]
    if all(clean(text) == text for cells in rows for pair in cells.items() for text in pair):
        return rows
    return [
        {clean(name): clean(cell) for name, cell in row.cells.items()}
        for row in lay_out(_cleaned(product, clean), layout)
    ]


def _cleaned(value: Any, clean: Callable[[str], str]) -> Any:
    """``value`` with all its texts cleaned, however deep they are."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, tuple):
        return tuple(_cleaned(each, clean) for each in value)
    if isinstance(value, dict):
        return {clean(key): _cleaned(each, clean) for key, each in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        fresh = {name: _cleaned(getattr(value, name), clean) for name in names}
        return dataclasses.replace(value, **fresh)
    return value


def _for_text(text: str) -> str:
    """No file of text holds a NUL; with one it would pass for a binary file."""
    return text.replace("\0", "")


def _for_workbook(text: str) -> str:
    """What XML can hold; it knows no other line end than the line feed."""
    return ILLEGAL_CHARACTERS_RE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in _DIGITS.split(name)]


def write_delimited(
    products: Iterable[CatalogProduct], file: BinaryIO, layout: Layout, delimiter: str
) -> None:
    """UTF-8 without BOM, RFC 4180 line ends."""
    with closing(SpooledRows(products, layout, _for_text)) as rows:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
        writer.writerow([neutralise(name) for name in rows.columns])
        for cells in rows:
            writer.writerow([neutralise(cell) for cell in cells])
        text.flush()
        text.detach()


def write_workbook(products: Iterable[CatalogProduct], file: BinaryIO, layout: Layout) -> None:
    """One sheet; the same products give the same bytes, since no date is today's."""
    with (
        closing(SpooledRows(products, layout, _for_workbook)) as rows,
        tempfile.TemporaryFile() as draft,
    ):
        book = Workbook(write_only=True)
        book.properties.creator = "storegen"
        book.properties.created = _EPOCH.replace(tzinfo=None)
        sheet = book.create_sheet("Products")
        sheet.freeze_panes = "C2"
        sheet.append([_value(name, False) for name in rows.columns])
        numeric = [name in layout.numeric for name in rows.columns]
        for cells in rows:
            sheet.append(_values(cells, numeric))
        book.save(draft)
        draft.seek(0)
        corner = f"{get_column_letter(len(rows.columns))}{len(rows) + 1}"
        _rewrite(draft, file, f'<dimension ref="A1:{corner}"/>'.encode())


def _values(cells: Sequence[str], numeric: Sequence[bool]) -> list[str | int | float | None]:
    return [
        _value(cell, number) if cell else None for cell, number in zip(cells, numeric, strict=True)
    ]


def _value(cell: str, numeric: bool) -> str | int | float:
    if numeric and _WHOLE.fullmatch(cell):
        return int(cell)
    if numeric and _DECIMAL.fullmatch(cell):
        return float(cell)
    return neutralise(cell)[:_LONGEST_CELL]


def _rewrite(draft: BinaryIO, file: BinaryIO, dimension: bytes) -> None:
    """The archive again, with every date a fixed one, and the sheet's size at its beginning:
    programs that find none there read the whole sheet once to learn it."""
    with (
        zipfile.ZipFile(draft) as source,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in sorted(source.namelist(), key=lambda name: name != "[Content_Types].xml"):
            info = zipfile.ZipInfo(name, _ZIP_EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            if name == "docProps/core.xml":
                stamp = _EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
                target.writestr(info, _MODIFIED.sub(rb"\g<1>" + stamp, source.read(name)))
                continue
            with source.open(name) as part, target.open(info, "w") as out:
                head = part.read(1 << 16)
                if name.startswith("xl/worksheets/"):
                    head = head.replace(b"<sheetViews>", dimension + b"<sheetViews>", 1)
                out.write(head)
                while chunk := part.read(1 << 16):
                    out.write(chunk)
