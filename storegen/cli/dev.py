"""``storegen dev``: the shop for who writes a plugin or theme, started anew when a file changes."""

from __future__ import annotations

import importlib.resources
import importlib.util
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import click

from storegen.cli.stores import directory
from storegen.config import FILE, read_config
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
    watch = Watch(watched(root))
    command = tied([sys.executable, "-m", "storegen.cli.dev_shop", str(root), str(port)])
    try:
        while True:
            shop = subprocess.Popen(command)
            try:
                _until_changed(shop, watch)
            finally:
                _stop(shop)
            click.echo("Something has changed: the shop starts anew.")
    except KeyboardInterrupt:
        pass


def watched(root: Path) -> list[Path]:
    """Where files of plugins and themes lie: bundled ones, the shop's own, installed ones."""
    bundled = [
        Path(str(importlib.resources.files(name)))
        for name in ("storegen_plugins", "storegen_themes")
    ]
    return [root / FILE, root / "plugins", *bundled, *_installed()]


def _installed() -> Iterator[Path]:
    from importlib.metadata import entry_points

    for point in entry_points(group=ENTRY_POINTS):
        # The top package is found without importing any of it.
        found = importlib.util.find_spec(point.value.partition(":")[0].partition(".")[0])
        if found is None:
            continue
        if found.submodule_search_locations:
            yield from map(Path, found.submodule_search_locations)
        elif found.origin:
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
