"""``storegen restore``: a shop out of a backup."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import click

from storegen.archive.restore import restore
from storegen.cli.progress import Progress


@click.command("restore")
@click.argument("archive", type=click.Path(path_type=Path))
@click.argument("directory", type=click.Path(path_type=Path))
@click.option(
    "--database-url",
    default="",
    help="Where its data go instead: sqlite:///shop.db or postgresql://…, empty.",
)
@click.option("--json", "as_json", is_flag=True, help="End with one line of JSON.")
def restore_command(archive: Path, directory: Path, database_url: str, as_json: bool) -> None:
    """Make the shop of ARCHIVE in DIRECTORY, which must be new or empty.

    Everything is checked on the way; what fails leaves nothing behind.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # cleans up as after Ctrl-C
    with Progress() as bar:
        made = restore(archive, directory, database_url, bar.part)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "directory": str(made.root),
                    "database": made.database,
                    "migrated": list(made.migrated),
                    "files": made.files,
                    "rows": dict(made.rows),
                    "sums": dict(made.sums),
                },
                ensure_ascii=False,
            )
        )
        return
    click.echo(f"{made.root}: {made.files} files, {made.rows.get('orders', 0)} orders")
    click.echo(f"Check it with `storegen audit {directory}`, then `storegen serve {directory}`.")
