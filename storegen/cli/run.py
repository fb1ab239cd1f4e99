"""``storegen run``: commands that plugins bring."""

from __future__ import annotations

import importlib
from pathlib import Path

import click

from storegen.cli.stores import directory, opened
from storegen.errors import SetupError
from storegen.plugins import Plugin
from storegen.plugins.discovery import did_you_mean


@click.command(
    "run", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False}
)
@directory
@click.argument("plugin")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def run_command(directory: Path, plugin: str, arguments: tuple[str, ...]) -> None:
    """Run a command of PLUGIN on the shop; `storegen run DIR PLUGIN --help` lists them.

    The command gets the open shop as click's object (`click.pass_obj`).
    """
    with opened(directory) as store:
        found = store.plugins.by_name.get(plugin)
        if found is None:
            raise SetupError(
                f"The shop uses no plugin `{plugin}`.",
                f"{did_you_mean(plugin, store.plugins.by_name)}See `storegen plugins DIR`.",
            )
        name = f"storegen run {directory} {plugin}"
        _command(found).main(args=list(arguments), prog_name=name, obj=store, standalone_mode=True)


def _command(plugin: Plugin) -> click.Command:
    where = plugin.manifest.cli
    if not where:
        raise SetupError(
            f"Plugin `{plugin.manifest.name}` brings no commands.", "Its back-office pages may."
        )
    module, _, name = where.partition(":")
    try:
        found = getattr(importlib.import_module(module, plugin.package or None), name)
    except Exception as error:
        raise SetupError(
            f"`{where}` of plugin `{plugin.manifest.name}` cannot be loaded: "
            f"{type(error).__name__}: {error}.",
            "Update the plugin.",
        ) from error
    if not isinstance(found, click.Command):
        raise SetupError(f"`{where}` is no click command.", "Update the plugin.")
    return found
