"""``storegen backup``: the whole shop as one file."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import click

from storegen.archive import backup as archive
from storegen.cli.progress import Progress
from storegen.cli.stores import opened


@click.command("backup")
@click.argument("directory", type=click.Path(path_type=Path))
@click.argument("target", metavar="[ARCHIVE]", type=click.Path(path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help="End with one line of JSON.")
def backup_command(directory: Path, target: Path | None, as_json: bool) -> None:
    """Write the shop in DIRECTORY to ARCHIVE, a .tar.gz, while it goes on selling.

    ARCHIVE may be a folder; by default it is made here, named after the shop and the time. It
    holds customers' data and the shop's secrets, so only you may read it.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # cleans up as after Ctrl-C
    with opened(directory, migrated=False) as store:
        name = archive.default_name(store)
        path = Path(name) if target is None else target / name if target.is_dir() else target
        with Progress() as bar:
            made = archive.backup(store, path, bar.part)
    size = path.stat().st_size
    if as_json:
        click.echo(
            json.dumps(
                {
                    "archive": str(path.absolute()),
                    "bytes": size,
                    "files": len(made.files),
                    "rows": {table.name: table.rows for table in made.tables},
                    "sums": dict(made.sums),
                },
                ensure_ascii=False,
            )
        )
        return
    orders = next((table.rows for table in made.tables if table.name == "orders"), 0)
    click.echo(f"{path}: {size / 1e6:.1f} MB, {len(made.files)} files, {orders} orders")
    click.echo("It holds customers' data and the shop's secrets: keep it where only you can read.")
