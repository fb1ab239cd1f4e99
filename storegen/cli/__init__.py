"""The ``storegen`` command."""

from __future__ import annotations

import click


@click.group()
def main() -> None:
    """Make and run mini-storefronts."""
