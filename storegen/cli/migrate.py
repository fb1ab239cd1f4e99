"""``storegen migrate``: the database for this release."""

from __future__ import annotations

from pathlib import Path

import click

from storegen.cli.stores import directory, opened
from storegen.migrate import migrate


@click.command("migrate")
@directory
def migrate_command(directory: Path) -> None:
    """Bring the shop's database to this release and that of its plugins.

    Safe to repeat; it never goes back.
    """
    with opened(directory, migrated=False) as store:
        applied = migrate(store.engine, store.streams)
    click.echo("\n".join(applied) if applied else "Nothing to do: the database is up to date.")
