"""``storegen admin-link``: a way into the back office that needs no password."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import select

from storegen.cli.stores import directory, opened
from storegen.domain.people.staff_sign_in import make_admin_link
from storegen.errors import SetupError
from storegen.models import Staff
from storegen.store import Store
from storegen.values.actor import CLI


@click.command("admin-link")
@directory
@click.option("--login", default="", help="Whose; the owner's by default.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Of `storegen serve`, while store.toml names no base_url.",
)
def admin_link_command(directory: Path, login: str, port: int) -> None:
    """Print a link that signs into the back office once, within 15 minutes."""
    with opened(directory) as store:
        path = admin_path(store, login)
        base = store.config.base_url or f"http://127.0.0.1:{port}"
    click.echo(f"{base}{path}")


def admin_path(store: Store, login: str) -> str:
    """The path of a fresh link for ``login``, "" for the first owner. Raises `SetupError`."""
    with store.read() as uow:
        staff = uow.db.execute(
            select(Staff.login, Staff.permissions).where(Staff.active.is_(True)).order_by(Staff.id)
        ).all()
    owners = [row.login for row in staff if "*" in row.permissions]
    chosen = login or next(iter(owners), "")
    if chosen not in {row.login for row in staff}:
        known = ", ".join(row.login for row in staff) or "nobody"
        raise SetupError(f"Nobody works here as '{chosen}'.", f"Active are: {known}.")
    token = store.transact(lambda uow: make_admin_link(uow, CLI, chosen))
    return f"/admin/enter/{token}"
