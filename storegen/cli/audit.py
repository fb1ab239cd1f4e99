"""``storegen audit``: recount stock, reservations and money."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from storegen.cli.stores import directory, opened
from storegen.domain.audit import drifts


@click.command("audit")
@directory
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each drift, by line.")
def audit_command(directory: Path, as_json: bool) -> None:
    """Count again what the shop keeps twice; end with 1 and the list where they disagree."""
    with opened(directory) as store:
        found = store.look(drifts)
    for drift in found:
        click.echo(json.dumps(asdict(drift), ensure_ascii=False) if as_json else drift.sentence)
    if found:
        raise SystemExit(1)
    if not as_json:
        click.echo("Stock, reservations and money agree.")
