"""Putting the saboteur (`storegen.testing.saboteur`) into a store."""

from __future__ import annotations

import shutil
from pathlib import Path

VARIABLE = "STOREGEN_TEST_SABOTEUR"
"""Environment variable: ``1`` (the same as ``raise``), ``raise``, ``junk`` or ``slow``."""
NAME = "saboteur"
_PLUGIN = Path(__file__).parent / NAME


def move_in(root: Path, names: list[str], mode: str, **settings: bool) -> str:
    """Copy the saboteur into the ``plugins`` of the store in ``root`` and list it first; what
    store.toml must say of it.

    By default it leaves alone what would stop sales on purpose: its guards, and the delivery of
    messages; ``guards=True``, ``channels=True`` have it answer these too.
    """
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(_PLUGIN, root / "plugins" / NAME, ignore=ignore)
    names.insert(0, NAME)
    wanted = "raise" if mode == "1" else mode
    lines = [f"{name} = {str(value).lower()}" for name, value in settings.items()]
    return "\n".join([f"\n[plugin.{NAME}]", f'mode = "{wanted}"', *lines, ""])
