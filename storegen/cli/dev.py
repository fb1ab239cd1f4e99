"""``storegen dev``: the shop for who writes a plugin or theme, started anew when a file changes."""

from __future__ import annotations

import importlib.resources
import importlib.util
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Iterator
from importlib.metadata import entry_points
from pathlib import Path
from types import FrameType

import click

from storegen.cli.stores import directory
from storegen.config import FILE, read_config
from storegen.errors import SetupError
from storegen.plugins.discovery import ENTRY_POINTS
from storegen.serving.lifeline import tied
from storegen.serving.watch import Watch

_PAUSE = 0.4
"""Seconds between two looks at the files."""
_SETTLE = 0.2
"""Editors write a file in several steps."""
_GRACE = 15.0


@click.command("dev")
@directory
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Where it listens, on this machine only.",
)
def dev_command(directory: Path, port: int) -> None:
    """Serve the shop in DIRECTORY while you write a plugin or theme.

    Web worker and job worker start anew when a file of a plugin, a theme or store.toml changes.
    Defects are shown with their tracebacks, and no page is kept in memory. For this machine only.
    """
    root = directory.absolute()
    read_config(root)  # no shop, or a broken store.toml, is said at once
    # Like Ctrl-C, so that the shop's processes are stopped too.
    signal.signal(signal.SIGTERM, _interrupted)
    command = tied([sys.executable, "-m", "storegen.cli.dev_shop", str(root), str(port)])
    try:
        while True:
            watch = Watch(watched(root))
            shop = subprocess.Popen(command)
            try:
                _until_changed(shop, watch)
            finally:
                _stop(shop)
            click.echo("Something has changed: the shop starts anew.")
    except KeyboardInterrupt:
        pass


def watched(root: Path) -> list[Path]:
    """What the shop is made of: store.toml, its own plugins, and the bundled and installed ones
    that it lists, with its theme."""
    found = [root / FILE, root / "plugins"]
    try:
        config = read_config(root)
    except SetupError:  # the shop says so; only mending the file helps
        return found
    bundled = Path(str(importlib.resources.files("storegen_plugins")))
    themes = Path(str(importlib.resources.files("storegen_themes")))
    own = [bundled / name for name in config.plugins]
    return [*found, *own, themes / config.theme, *_installed(config.plugins)]


def _installed(names: Collection[str]) -> Iterator[Path]:
    for point in entry_points(group=ENTRY_POINTS):
        if point.name not in names:
            continue
        # The top package is found without importing any of it.
        package = point.value.partition(":")[0].partition(".")[0]
        found = importlib.util.find_spec(package)
        if found is not None and found.submodule_search_locations:
            yield from map(Path, found.submodule_search_locations)
        elif found is not None and found.origin:
            yield Path(found.origin)


def _until_changed(shop: subprocess.Popen[bytes], watch: Watch) -> None:
    """Wait. A shop that could not start has said why; it waits for the file that mends it."""
    told = False
    while not watch.changed():
        time.sleep(_PAUSE)
        if shop.poll() is not None and not told:
            told = True
            click.echo("The shop has stopped. It starts again when a file changes.", err=True)
    time.sleep(_SETTLE)
    watch.changed()


def _stop(shop: subprocess.Popen[bytes]) -> None:
    if shop.poll() is not None:
        return
    shop.terminate()
    try:
        shop.wait(_GRACE)
    except subprocess.TimeoutExpired:
        shop.kill()
        shop.wait()


def _interrupted(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
