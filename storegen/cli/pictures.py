"""``storegen pictures``: fetch now what an import could not."""

from __future__ import annotations

from pathlib import Path

import click

from storegen.cli.stores import directory, opened
from storegen.generate.picture_retry import retry_pictures


@click.command("pictures")
@directory
def pictures_command(directory: Path) -> None:
    """Fetch the pictures that an import could not have, now.

    The shop's worker tries again by itself, five times within a day. Ends with 1 while some are
    missing.
    """
    with opened(directory) as store:
        came, missing = retry_pictures(store)
    click.echo(f"{came} pictures came, {missing} are missing.")
    if missing:
        raise SystemExit(1)
