"""``storegen plugin``: switch plugins on and off, purge what one left, write migrations."""

from __future__ import annotations

import secrets
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from storegen.archive.purge import inventory, purge
from storegen.cli.plugin_new import new_plugin_command
from storegen.cli.stores import directory, opened
from storegen.config import FILE, read_config
from storegen.errors import PluginProblem, SetupError
from storegen.generate import toml_edit
from storegen.migrate import Stream, migrate, write_revision
from storegen.plugins import discover, new_settings
from storegen.plugins.discovery import choose
from storegen.plugins.loading import load
from storegen.store import Store

_RESTART = "Restart a running `storegen serve` for it to take effect."


@click.group("plugin")
def plugin_command() -> None:
    """Switch a plugin on or off, purge its data, or write a new one."""


plugin_command.add_command(new_plugin_command)


@plugin_command.command("enable")
@directory
@click.argument("name")
def enable_command(directory: Path, name: str) -> None:
    """List plugin NAME in store.toml, make its tables, and check that the shop starts with it.

    If it does not, store.toml stays as it was.
    """
    config = read_config(directory)
    sources = discover(directory)
    choose(name, sources)
    settings = new_settings([name], secrets.token_hex(16), sources).get(name, {})
    before = toml_edit.edit(directory / FILE, toml_edit.list_plugin(name, settings))
    try:
        with opened(directory, migrated=False) as store:
            applied = migrate(store.engine, store.streams)
    except (SetupError, DBAPIError):
        toml_edit.replace(directory / FILE, before)
        raise
    for revision in applied:
        click.echo(f"  {revision}")
    if name in config.plugins:
        click.echo(f"{name} was enabled already.")
        return
    click.echo(f"{name} is enabled. {_RESTART}")


@plugin_command.command("disable")
@directory
@click.argument("name")
def disable_command(directory: Path, name: str) -> None:
    """Take plugin NAME out of the list in store.toml.

    Its tables and settings stay as they are, for its return or for `storegen plugin purge`.
    """
    config = read_config(directory)
    if name not in config.plugins:
        raise SetupError(
            f"Plugin `{name}` is not enabled.",
            f"Enabled are: {', '.join(config.plugins) or 'none'}.",
        )
    for other in config.plugins:
        if other != name and name in _required(directory, other):
            raise SetupError(f"Plugin `{other}` requires `{name}`.", f"Disable `{other}` first.")
    toml_edit.edit(directory / FILE, toml_edit.unlist_plugin(name))
    click.echo(f"{name} is disabled; its data stay. {_RESTART}")


@plugin_command.command("purge")
@directory
@click.argument("name")
@click.option(
    "--export",
    type=click.Path(path_type=Path),
    help="A new zip archive for its data: one file of JSON lines for each table.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
def purge_command(directory: Path, name: str, export: Path | None, yes: bool) -> None:
    """Delete the tables, settings and files of the disabled plugin NAME, installed or not."""
    with opened(directory, migrated=False) as store:
        found = inventory(store, name)
        if not yes:
            rows = ", ".join(f"{table} ({count} rows)" for table, count in found.rows.items())
            click.echo(f"This deletes {rows or 'no table'} and {found.files} files.")
            if export is None:
                click.echo("Without --export they are gone for good.")
            click.confirm("Go on?", abort=True)
        gone = purge(store, name, export)
    toml_edit.edit(directory / FILE, toml_edit.drop_settings(name))
    saved = "" if export is None else f" Saved in {export}."
    click.echo(f"{name}: {len(gone.rows)} tables and {gone.files} files deleted.{saved}")


@plugin_command.command("migration")
@directory
@click.argument("name")
@click.option("-m", "--message", required=True, help="What it does, in a few words.")
def migration_command(directory: Path, name: str, message: str) -> None:
    """For authors: write the revision that brings NAME's tables from the shop's state to its
    models. Read it before you publish it."""
    with opened(directory, migrated=False) as store:
        written = write_revision(store.engine, _stream(store, name), message)
    if written is None:
        click.echo("Nothing to do: the tables are as the models say.")
        return
    click.echo(f"{written}\nRead it, then run `storegen migrate {directory}`.")


def _required(directory: Path, name: str) -> tuple[str, ...]:
    try:
        return load(choose(name, discover(directory))).manifest.requires
    except PluginProblem:  # it is broken itself, and perhaps this is on the way to mend it
        return ()


def _stream(store: Store, name: str) -> Stream:
    for stream in store.streams[1:]:
        if stream.name == name:
            return stream
    if name in store.config.plugins:
        raise SetupError(
            f"Plugin `{name}` has no tables.", "Give its manifest `tables=Base.metadata`."
        )
    raise SetupError(
        f"The shop does not list plugin `{name}`.", "List it in [store] plugins of store.toml."
    )
