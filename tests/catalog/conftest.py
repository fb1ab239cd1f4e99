"""Fixture files of each format, and reading them whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from storegen.generate.catalog import open_catalog
from storegen.values.catalog import CatalogProduct, RowProblem

DATA = Path(__file__).parent / "data"
Read = tuple[str, list[CatalogProduct], list[RowProblem]]


def read(path: Path, currency: str = "CNY") -> Read:
    """(format, products, problems)."""
    products: list[CatalogProduct] = []
    problems: list[RowProblem] = []
    with open_catalog(path, currency=currency) as reader:
        for item in reader:
            if isinstance(item, CatalogProduct):
                products.append(item)
            else:
                problems.append(item)
        return reader.format, products, problems


@pytest.fixture
def saved(tmp_path: Path) -> Callable[..., Path]:
    """Write content to a file whose name says nothing about its format."""

    def save(content: str | bytes, encoding: str = "utf-8") -> Path:
        path = tmp_path / "catalog.dat"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return save
