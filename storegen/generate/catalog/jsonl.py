"""storegen's own JSON Lines: one product a line, every field, nothing lost.

The first line names the format and the currency whose minor units the amounts are:
``{"storegen": "catalog", "version": 1, "currency": "CNY"}``. Without it each record may name
its ``currency``; where none is named, the shop's is meant.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, BinaryIO

from storegen.errors import UnreadableCatalog
from storegen.generate.catalog.codec import (
    BadField,
    decode_field,
    encode_product,
    known_fields,
)
from storegen.generate.catalog.handles import Handles, clean_handle, handle_from_title
from storegen.generate.catalog.problems import Problems
from storegen.values.catalog import CatalogOption, CatalogProduct, CatalogVariant, RowProblem

VERSION = 1
_NOT_AN_OBJECT = "the line is not a JSON object"


class JsonLines:
    """Reads such a file; ``count`` is the number of its product lines."""

    def __init__(self, path: Path, encoding: str, currency: str) -> None:
        self._path, self._encoding, self._currency = path, encoding, currency
        self.count = sum(1 for _ in self._lines())
        if not self.count:
            raise UnreadableCatalog(
                path,
                "it has a header but no products",
                "Add a line for each product and try again.",
            )

    def items(self) -> Iterator[CatalogProduct | RowProblem]:
        problems, handles = Problems(self._path.name), Handles()
        for number, line in self._lines():
            product = self._product(number, line, problems, handles)
            yield from problems.drain()
            if product is not None:
                yield product

    def _lines(self) -> Iterator[tuple[int, str]]:
        with self._path.open(encoding=self._encoding, newline="\n") as file:
            begun = False
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                if not begun:
                    begun = True
                    if self._is_header(line):
                        continue
                yield number, line

    def _is_header(self, line: str) -> bool:
        try:
            head = json.loads(line)
        except (ValueError, RecursionError):
            return False
        if not isinstance(head, dict) or "storegen" not in head:
            if isinstance(head, dict) and not head.keys() & {"title", "handle", "variants"}:
                shown = ", ".join(f"'{key[:40]}'" for key in list(head)[:12])
                raise UnreadableCatalog(
                    self._path,
                    f"its first record has the fields {shown} and neither title nor handle",
                    "Give storegen's JSON Lines, or a catalog in another format.",
                )
            return False
        if head["storegen"] != "catalog" or head.get("version") != VERSION:
            raise UnreadableCatalog(
                self._path,
                f"its header is not that of a catalog of version {VERSION}",
                "Export it again with this version of storegen.",
            )
        named = head.get("currency", self._currency)
        if named != self._currency:
            raise UnreadableCatalog(
                self._path,
                f"its prices are in {named}, the shop sells in {self._currency}",
                f"Make the shop with --currency {named}, or convert the prices.",
            )
        return True

    def _product(
        self, row: int, line: str, problems: Problems, handles: Handles
    ) -> CatalogProduct | None:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            record = None
        if not isinstance(record, dict):
            problems.add(row, "", _NOT_AN_OBJECT, line.strip())
            return None
        named = record.pop("currency", self._currency)
        if named != self._currency:
            reason = f"prices are in {named}, the shop sells in {self._currency}"
            problems.add(row, "currency", reason, named)
            return None
        variants = self._variants(row, record.pop("variants", []), problems)
        values = _fields(row, "", CatalogProduct, record, problems)
        title = str(values.get("title", "")).strip()
        if variants is None or not title:
            if not title:
                problems.add(row, "title", "title is missing")
            return None
        handle = clean_handle(values.get("handle", "")) or handle_from_title(title)
        if not handles.claim(handle):
            problems.add(row, "handle", f"handle '{handle}' was used before", handle)
            return None
        values["handle"] = handle
        options: tuple[CatalogOption, ...] = values.get("options", ())
        kept = _matching(row, options, variants, problems)
        if not kept and values.get("kind") != "grouped":
            problems.add(row, "variants", "the product has no variant left and is left out", handle)
            return None
        values.setdefault("kind", "variable" if options else "simple")
        return CatalogProduct(**values, variants=tuple(kept))

    def _variants(self, row: int, value: Any, problems: Problems) -> list[CatalogVariant] | None:
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            problems.add(row, "variants", "variants must be a list of objects", value)
            return None
        variants = []
        for index, item in enumerate(value):
            column = f"variants[{index}]."
            if "price" not in item:
                problems.add(row, f"{column}price", "price is missing")
                continue
            found = _fields(row, column, CatalogVariant, item, problems)
            if "price" in found and (item.get("option_values") or []) == list(
                found.get("option_values", ())
            ):
                variants.append(CatalogVariant(**found))
        return variants


def _matching(
    row: int,
    options: tuple[CatalogOption, ...],
    variants: list[CatalogVariant],
    problems: Problems,
) -> list[CatalogVariant]:
    """The variants that fit the options, each combination once."""
    kept: dict[tuple[str, ...], CatalogVariant] = {}
    for variant in variants:
        values = variant.option_values
        fits = len(values) == len(options) and all(
            value in option.values for value, option in zip(values, options, strict=True)
        )
        shown = " / ".join(values)
        if not fits:
            problems.add(row, "variants", f"variant '{shown}' does not fit the options", shown)
        elif values in kept:
            problems.add(row, "variants", f"variant '{shown}' comes twice", shown)
        else:
            kept[values] = variant
    return list(kept.values())


def _fields(
    row: int, prefix: str, kind: type, record: dict[str, Any], problems: Problems
) -> dict[str, Any]:
    """The record's good fields; bad and unknown ones are noted and left out."""
    out: dict[str, Any] = {}
    for name, value in record.items():
        if name not in known_fields(kind):
            problems.add(row, prefix + name, f"{name} is no field of a catalog", value)
            continue
        try:
            out[name] = decode_field(kind, name, value)
        except BadField as error:
            problems.add(row, prefix + name, str(error), error.value)
    return out


def write_jsonl(products: Iterable[CatalogProduct], file: BinaryIO, currency: str) -> None:
    """The header line, then a line for each product."""
    head = {"storegen": "catalog", "version": VERSION, "currency": currency}
    file.write(_line(head))
    for product in products:
        record = encode_product(product)
        # The reader derives the kind from the options where it is not said.
        record["kind"] = product.kind
        ordered = {name: record[name] for name in _ORDER if name in record}
        file.write(_line(ordered))


_ORDER = tuple(
    sorted(
        (field.name for field in fields(CatalogProduct)),
        key=lambda name: name == "variants",  # last, as the longest
    )
)


def _line(record: dict[str, Any]) -> bytes:
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    return text.encode() + b"\n"
