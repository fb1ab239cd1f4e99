"""``storegen import``: a catalog file into a shop that is there already."""

from __future__ import annotations

import json
from pathlib import Path

import click

from storegen.cli.progress import Progress
from storegen.cli.report import say, tell
from storegen.cli.stores import directory, opened
from storegen.domain import settings
from storegen.generate.importing import ImportOptions, import_catalogs
from storegen.media.artwork.palette import brand_palette
from storegen.values.actor import CLI


@click.command("import")
@directory
@click.argument(
    "catalogs", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="End with one line of JSON.")
def import_command(directory: Path, catalogs: tuple[Path, ...], as_json: bool) -> None:
    """Import FILE into the shop in DIRECTORY: new products are added, known ones changed.

    A product is known by its handle, a variant by its options or SKU. Products that FILE does not
    name stay as they are. Works while the shop is served.
    """
    with opened(directory) as store:
        colour = store.look(lambda uow: settings.load(uow).brand.colour)
        options = ImportOptions(palette=brand_palette(colour))
        with Progress() as bar:
            bar.step("products")
            paths = [path.absolute() for path in catalogs]
            report = import_catalogs(store, CLI, paths, options, progress=bar.products)
        say(f"Imported into {store.config.name}:")
    tell(report, known=report.products - report.new)
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False))
