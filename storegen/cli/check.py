"""``storegen check``: is everything there, and what is missing before the shop may open?"""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import select

from storegen.cli.opening_words import WORDS
from storegen.cli.stores import directory, opened
from storegen.domain import settings
from storegen.domain.catalog.missing_pictures import missing_pictures
from storegen.domain.opening import missing, reasons_closed
from storegen.domain.payments import play_money
from storegen.errors import SetupError
from storegen.media import keys
from storegen.models import Media
from storegen.store import Store
from storegen.themes import themes
from storegen.uow import UnitOfWork
from storegen.web.app import create_app

_SHOWN = 10


@click.command("check")
@directory
@click.option("--safe-mode", is_flag=True, help="Leave plugins out, for when one is broken.")
def check_command(directory: Path, safe_mode: bool) -> None:
    """Check configuration, plugins, database and pictures; list what keeps the shop closed.

    Ends with 0 when the shop can be served, 2 when it cannot; what is missing before it may open
    to the public is only listed.
    """
    with opened(directory, safe_mode=safe_mode) as store:
        config = store.config
        if config.theme not in themes():
            raise SetupError(
                f"There is no theme '{config.theme}'.",
                f"Set `theme` in store.toml to one of: {', '.join(sorted(themes()))}.",
            )
        create_app(store)  # what plugins bring to the web is mounted, or refused
        plugins = [plugin.manifest.name for plugin in store.plugins.plugins]
        lost = _lost_pictures(store)
        unfetched = store.look(missing_pictures)
        todo, closed = store.look(_opening)
        left = store.look(play_money.leftovers) if config.mode == "live" else []
    click.echo(f"{config.name}: store.toml, database and plugins are in order.")
    click.echo(f"  plugins: {', '.join(plugins) or 'none'}")
    if lost:
        click.echo(f"  {len(lost)} pictures have lost their files: {', '.join(lost[:_SHOWN])}")
        click.echo("  Restore media/ from a backup, or import their catalog again.")
    if unfetched:
        click.echo(f"  {unfetched} pictures could not be fetched yet; the worker tries again.")
        click.echo(f"  Now: storegen pictures {directory}")
    if left:
        click.echo(f"  {len(left)} orders from demo time hold play money, or wait for it:")
        click.echo(f"    {play_money.named(left)}")
        click.echo("  Cancel them in the back office; those that wait close by themselves.")
    if not todo:
        click.echo("  Nothing is missing: the shop may be open.")
        return
    state = "takes no orders" if closed else "takes orders"
    click.echo(f"  The shop is in {config.mode} mode and {state}. Missing:")
    for reason in todo:
        mark = "!" if reason in closed or config.mode == "demo" else "-"
        click.echo(f"    {mark} {WORDS.get(reason, reason)}")
    if config.mode == "demo":
        click.echo(f"  When it is complete: storegen open {directory}")
    if lost:
        raise SystemExit(2)


def _opening(uow: UnitOfWork) -> tuple[list[str], list[str]]:
    shop = settings.load(uow)
    return missing(uow, shop), reasons_closed(uow, shop)


def _lost_pictures(store: Store) -> list[str]:
    """Names of pictures of which a file is gone."""
    lost = []
    with store.read() as uow:
        rows = uow.db.execute(select(Media.sha256, Media.name, Media.renditions))
        for sha, name, renditions in rows.yield_per(500):
            files = [keys.key_of(sha, each["name"]) for each in renditions]
            if not files or not all(store.media.exists(key) for key in files):
                lost.append(name or sha[:12])
    return lost
