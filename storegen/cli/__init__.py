"""The ``storegen`` command: one module for each subcommand."""

from __future__ import annotations

import importlib

import click

import storegen
from storegen.cli.errors import Refusing

# Command → (module, function): only what is asked for is imported, so that `--help` is quick.
_COMMANDS = {
    "new": ("new", "new_command"),
    "serve": ("serve", "serve_command"),
    "admin-link": ("admin_link", "admin_link_command"),
    "dev": ("dev", "dev_command"),
    "check": ("check", "check_command"),
    "open": ("opening", "open_command"),
    "close": ("opening", "close_command"),
    "import": ("catalog_import", "import_command"),
    "pictures": ("pictures", "pictures_command"),
    "export": ("catalog_export", "export_command"),
    "price": ("price", "price_command"),
    "stock": ("stock", "stock_command"),
    "migrate": ("migrate", "migrate_command"),
    "audit": ("audit", "audit_command"),
    "backup": ("backup", "backup_command"),
    "restore": ("restore", "restore_command"),
    "plugins": ("plugins", "plugins_command"),
    "plugin": ("plugin", "plugin_command"),
    "run": ("run", "run_command"),
    "quote": ("quote", "quote_command"),
}


class _Commands(Refusing):
    def list_commands(self, context: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        module, function = _COMMANDS[name]
        found = getattr(importlib.import_module(f"storegen.cli.{module}"), function)
        assert isinstance(found, click.Command)
        return found


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(storegen.__version__, prog_name="storegen")
def main() -> None:
    """Make and run shops: from a product file to a paid order.

    Begin with `storegen new DIR --catalog FILE`, then `storegen serve DIR`.
    """
