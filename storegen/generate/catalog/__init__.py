"""Catalog files in and out: `open_catalog` reads any format, `write_catalog` writes each."""

from storegen.generate.catalog.reader import CatalogReader, open_catalog
from storegen.generate.catalog.writer import FORMATS, write_catalog

__all__ = ["FORMATS", "CatalogReader", "open_catalog", "write_catalog"]
