"""``storegen run DIR coupons ...``."""

from __future__ import annotations

import sys
from typing import Any

import click
from storegen_plugins.coupons import checks


@click.group()
def coupons() -> None:
    """Commands of the coupons."""


@coupons.command()
@click.pass_obj
def audit(store: Any) -> None:
    """Recount issued and used coupons; exit code 1 if something does not agree."""
    found: list[str] = store.look(checks.drift)
    for line in found:
        click.echo(line)
    click.echo(f"{len(found)} disagreements" if found else "all coupons agree")
    if found:
        sys.exit(1)
