"""`open_catalog`: any catalog file as a stream of products and of what is wrong with it."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol

from storegen.errors import UnreadableCatalog
from storegen.generate.catalog.detect import GIVE_ANOTHER, UNDERSTOOD, detect
from storegen.generate.catalog.feed import FeedRows
from storegen.generate.catalog.google import GoogleItems
from storegen.generate.catalog.google_columns import is_google
from storegen.generate.catalog.grouping import NO_GROUP, Grouper
from storegen.generate.catalog.handles import Handles
from storegen.generate.catalog.jsonl import JsonLines
from storegen.generate.catalog.problems import Problems
from storegen.generate.catalog.shopify import ShopifyRows
from storegen.generate.catalog.shopify_columns import is_shopify
from storegen.generate.catalog.spool import RowSpool
from storegen.generate.catalog.tables import (
    DelimitedRows,
    Row,
    RowSource,
    WorkbookRows,
    normal,
)
from storegen.generate.catalog.woocommerce import WooRows
from storegen.generate.catalog.woocommerce_columns import is_woocommerce
from storegen.values.catalog import CatalogProduct, RowProblem
from storegen.values.money import exponent

Item = CatalogProduct | RowProblem
_SHOWN_COLUMNS = 12


class Dialect(Protocol):
    """How one format's rows make products. ``known``: how many columns of the header are its."""

    name: str
    known: int

    def names(self, row: Row) -> Sequence[str]: ...

    def stray(self, row: Row, problems: Problems) -> None: ...

    def product(
        self, rows: Sequence[Row], problems: Problems, handles: Handles
    ) -> CatalogProduct | None: ...


class CatalogReader:
    """The products of one file in order of first appearance, and its row problems between them.

    ``format`` names what the file turned out to be; ``count_hint`` is how many products it
    seems to hold (broken ones counted). It may be iterated more than once. Close it, or use it
    in a ``with`` block: some files are spooled to a temporary file.
    """

    def __init__(
        self,
        path: Path,
        format: str,
        count_hint: int,
        items: Callable[[], Iterator[Item]],
        close: Callable[[], None] = lambda: None,
    ) -> None:
        self.path = path
        self.format = format
        self.count_hint = count_hint
        self._items = items
        self._close = weakref.finalize(self, close)

    def __iter__(self) -> Iterator[Item]:
        return self._items()

    def close(self) -> None:
        self._close()

    def __enter__(self) -> CatalogReader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_catalog(path: Path, *, currency: str) -> CatalogReader:
    """Find out what ``path`` is, from its content, and read it.

    ``currency`` is the shop's: amounts become its minor units. Raises `UnreadableCatalog`
    where nothing can be read at all and `UnknownCurrency`; whatever is wrong with single rows
    comes out of the iteration as `RowProblem`.
    """
    exponent(currency)
    found = detect(path)
    if found.kind == "jsonl":
        lines = JsonLines(path, found.encoding, currency)
        return CatalogReader(path, "jsonl", lines.count, lines.items)
    source: RowSource
    dialect: Dialect
    if found.kind == "xml":
        source = FeedRows(path, found.encoding)
        dialect = GoogleItems(None, currency)
        format = dialect.name
    else:
        source = WorkbookRows(path) if found.kind == "xlsx" else DelimitedRows(path, found.encoding)
        dialect = _dialect(path, source.header, currency)
        format = "xlsx" if found.kind == "xlsx" else dialect.name
    return _grouped(path, format, source, dialect)


def _dialect(path: Path, header: Sequence[str], currency: str) -> Dialect:
    names = {normal(name) for name in header if name.strip()}
    if not names:
        raise UnreadableCatalog(path, "it is empty", GIVE_ANOTHER)
    candidates: list[Dialect] = []
    if is_woocommerce(names):
        candidates.append(WooRows(header, currency))
    if is_google(names):
        candidates.append(GoogleItems(header, currency))
    if is_shopify(names):
        if names & {"price", "variant price"}:
            candidates.append(ShopifyRows(header, currency))
        elif not candidates:
            raise UnreadableCatalog(
                path,
                "it has no price column",
                "Add the column 'Variant Price' (or 'Price') and try again.",
            )
    if candidates:
        # A shop's own column may be called as another format's, `Name` in a Shopify file: what
        # knows more of the columns is meant.
        return max(candidates, key=lambda dialect: dialect.known)
    columns = [name.strip() for name in header if name.strip()]
    shown = ", ".join(f"'{name[:40]}'" for name in columns[:_SHOWN_COLUMNS])
    if len(columns) > _SHOWN_COLUMNS:
        shown += f" and {len(columns) - _SHOWN_COLUMNS} more"
    raise UnreadableCatalog(
        path, f"its columns {shown} are those of no known format", f"Give {UNDERSTOOD}."
    )


def _grouped(path: Path, format: str, source: RowSource, dialect: Dialect) -> CatalogReader:
    """First pass: which row belongs to which product. Rows that are apart, or dear to read
    twice, go to disk on the way."""
    groups = Grouper()
    spool = _fill(source, groups, dialect) if source.dear else None
    if spool is None:
        for item in source.rows():
            groups.add(() if isinstance(item, RowProblem) else dialect.names(item))
        if groups.apart:
            spool = RowSpool()
            for item in source.rows():
                spool.append(_pack(item))
    groups.finish()
    if not len(groups.ordinals):
        if spool is not None:
            spool.close()
        raise UnreadableCatalog(
            path, "it has a header but no products", "Add a row for each product and try again."
        )
    kept = spool

    def stream() -> Iterator[tuple[int, Row | RowProblem]]:
        if kept is None:
            yield from zip(groups.ordinals, source.rows(), strict=True)
        elif groups.apart:
            for index in groups.order():
                yield groups.ordinals[index], _unpack(kept[index])
        else:
            for index, ordinal in enumerate(groups.ordinals):
                yield ordinal, _unpack(kept[index])

    def items() -> Iterator[Item]:
        return _products(stream(), dialect, Problems(path.name))

    close = kept.close if kept is not None else lambda: None
    return CatalogReader(path, format, groups.count, items, close)


def _fill(source: RowSource, groups: Grouper, dialect: Dialect) -> RowSpool:
    spool = RowSpool()
    try:
        for item in source.rows():
            groups.add(() if isinstance(item, RowProblem) else dialect.names(item))
            spool.append(_pack(item))
    except BaseException:
        spool.close()
        raise
    return spool


def _pack(item: Row | RowProblem) -> object:
    if isinstance(item, RowProblem):
        return {name: getattr(item, name) for name in RowProblem.__slots__}
    return item


def _unpack(value: list[object] | dict[str, object]) -> Row | RowProblem:
    if isinstance(value, dict):
        return RowProblem(**value)  # type: ignore[arg-type]
    return value[0], value[1]  # type: ignore[return-value]


def _products(
    stream: Iterator[tuple[int, Row | RowProblem]], dialect: Dialect, problems: Problems
) -> Iterator[Item]:
    handles = Handles()
    waiting: list[Row] = []
    current = NO_GROUP

    def finish() -> Iterator[Item]:
        product = dialect.product(waiting, problems, handles) if waiting else None
        yield from problems.drain()
        if product is not None:
            yield product

    for ordinal, item in stream:
        if isinstance(item, RowProblem):
            yield item
        elif ordinal == NO_GROUP:
            dialect.stray(item, problems)
            yield from problems.drain()
        else:
            if ordinal != current:
                yield from finish()
                waiting, current = [], ordinal
            waiting.append(item)
    yield from finish()
