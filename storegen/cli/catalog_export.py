"""``storegen export``: the catalog of a shop as a file."""

from __future__ import annotations

from pathlib import Path

import click

from storegen.cli.stores import directory, opened
from storegen.generate.catalog import FORMATS
from storegen.generate.exporting import export_catalog


@click.command("export")
@directory
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "format_", default="jsonl", show_default=True, help=", ".join(FORMATS))
@click.option("--no-pictures", is_flag=True, help="Leave the original pictures out.")
def export_command(directory: Path, file: Path, format_: str, no_pictures: bool) -> None:
    """Write all products of the shop in DIRECTORY to FILE, and their pictures beside it.

    Importing FILE elsewhere gives the same products; jsonl says everything, the other formats
    carry what they have no column for in columns of storegen's own.
    """
    with opened(directory) as store:
        made = export_catalog(store, file.absolute(), format_, originals=not no_pictures)
    click.echo(f"{made.products} products, {made.pictures} pictures: {file}", err=True)
