"""A list as CSV, in pages, so that a long one costs no memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from storegen.generate.catalog.cells import neutralise
from storegen.store import Store
from storegen.values.money import to_decimal
from storegen.web.admin.registry import Column, Query, Resource
from storegen.web.context import gettext

CHUNK = 500


def lines(store: Store, resource: Resource, query: Query) -> Iterator[str]:
    """The rows that the filters find. Spreadsheets run cells that begin like a formula, so those
    get an apostrophe; the mark at the beginning tells Excel that this is UTF-8."""
    columns = [column for column in resource.columns if column.kind != "picture"]
    titles = [gettext(column.title) for column in columns]
    yield "\ufeff" + _line(titles)
    after = ""
    while True:
        asked = Query(search=query.search, filters=query.filters, after=after, limit=CHUNK)
        listing = store.look(lambda uow, asked=asked: resource.list(uow, asked))  # type: ignore[misc]
        yield "".join(
            _line([_cell(store, column, row.cells.get(column.name)) for column in columns])
            for row in listing.rows
        )
        after = listing.next
        if not after:
            return


def _cell(store: Store, column: Column, value: Any) -> str:
    if value is None:
        return ""
    if column.kind == "money":
        return to_decimal(int(value), store.config.currency)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)
    return str(value)


def _line(cells: list[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow([neutralise(cell) for cell in cells])
    return buffer.getvalue()
