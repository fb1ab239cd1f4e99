"""``python -m storegen.cli.dev_shop DIR PORT``: one life of the shop under ``storegen dev``."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import click

from storegen.cli.admin_link import admin_path
from storegen.cli.serve import running
from storegen.cli.stores import opened
from storegen.errors import SetupError
from storegen.serving.runner import Serving, serve
from storegen.web.app import create_app

FACTORY = "storegen.web.development:site"
_GRACE = 5.0


def run(root: Path, port: int) -> None:
    """Serve until a signal. Raises `SetupError`."""
    link = ""
    with opened(root) as store:
        create_app(store)  # a mistake is said once, before workers are started
        companions = store.plugins.companions()
        demo, name = store.config.mode == "demo", store.config.name
        with suppress(SetupError):  # nobody works here yet
            link = admin_path(store, "")

    def ready(address: str) -> None:
        click.echo(f"{name}, for development")
        click.echo(f"  shop         {address}/")
        if link:
            click.echo(f"  back office  {address}{link}  (once, within 15 minutes)")
        click.echo(f"  API          {address}/api/v1/openapi.json")
        if demo:
            click.echo(f"  mailbox      {address}/mailbox  (what would have been sent)")
        for each in companions:
            if each.url:
                click.echo(f"  {each.name:<12} {each.url}")
        click.echo("Ctrl-C stops it.")

    serving = Serving(
        store_dir=root, port=port, workers=1, factory=FACTORY, cache=False, grace=_GRACE
    )
    with running(companions):
        serve(serving, on_ready=ready)


def main(arguments: list[str]) -> int:
    """The exit code: 2 with a sentence for what keeps the shop from starting."""
    try:
        run(Path(arguments[0]), int(arguments[1]))
    except SetupError as error:
        click.echo(f"{error.what} {error.fix}", err=True)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
