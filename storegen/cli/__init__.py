"""The ``storegen`` command: one module for each subcommand."""

from __future__ import annotations

import click

import storegen
from storegen.cli.audit import audit_command
from storegen.cli.errors import Refusing
from storegen.cli.new import new_command
from storegen.cli.quote import quote_command


@click.group(cls=Refusing, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(storegen.__version__, prog_name="storegen")
def main() -> None:
    """Make and run shops: from a product file to a paid order.

    Begin with `storegen new DIR --catalog FILE`, then `storegen serve DIR`.
    """


for _command in (audit_command, new_command, quote_command):
    main.add_command(_command)
