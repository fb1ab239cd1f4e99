"""``storegen plugins``: what there is, and what a shop uses."""

from __future__ import annotations

from pathlib import Path

import click

from storegen.errors import PluginProblem
from storegen.plugins import discover
from storegen.plugins.loading import load
from storegen.store import Store


@click.group("plugins")
def plugins_command() -> None:
    """See which plugins there are."""


@plugins_command.command("list")
@click.argument("directory", type=click.Path(path_type=Path), required=False)
def list_command(directory: Path | None) -> None:
    """List the installed plugins; with DIRECTORY, mark those that the shop uses."""
    used: tuple[str, ...] = ()
    if directory is not None:
        with Store.open(directory) as store:
            used = store.config.plugins
    for name, sources in sorted(discover().items()):
        mark = "*" if name in used else " "
        click.echo(f"{mark} {name:<20} {_title(sources[0])}")


def _title(source: object) -> str:
    try:
        manifest = load(source).manifest  # type: ignore[arg-type]
    except PluginProblem as problem:
        return f"(broken: {problem.what})"
    return f"{manifest.version:<8} {manifest.title.get('en', '')}"
