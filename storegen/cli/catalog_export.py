"""``storegen export``: the catalog of a shop as a file."""

from __future__ import annotations

from pathlib import Path

import click

from storegen.cli.stores import directory, opened
from storegen.generate.catalog import FORMATS
from storegen.generate.exporting import export_catalog

_BY_ENDING = {
    ".csv": "shopify-csv",
    ".xml": "google-xml",
    ".tsv": "google-tsv",
    ".xlsx": "xlsx",
}


@click.command("export")
@directory
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_",
    help=f"{', '.join(FORMATS)}. By default after FILE's ending: .csv is shopify-csv, .xml"
    " google-xml, .tsv google-tsv, .xlsx itself, any other jsonl.",
)
@click.option("--no-pictures", is_flag=True, help="Leave the original pictures out.")
def export_command(directory: Path, file: Path, format_: str | None, no_pictures: bool) -> None:
    """Write all products of the shop in DIRECTORY to FILE, and their pictures beside it.

    Importing FILE elsewhere gives the same products; jsonl says everything, the other formats
    carry what they have no column for in columns of storegen's own.
    """
    chosen = format_ or _BY_ENDING.get(file.suffix.lower(), "jsonl")
    with opened(directory) as store:
        made = export_catalog(store, file.absolute(), chosen, originals=not no_pictures)
    click.echo(f"{made.products} products, {made.pictures} pictures: {file}", err=True)
