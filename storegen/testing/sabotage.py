"""Putting the saboteur (`storegen.testing.saboteur`) into a store."""

from __future__ import annotations

import shutil
from pathlib import Path

VARIABLE = "STOREGEN_TEST_SABOTEUR"
"""Environment variable: ``1`` (the same as ``raise``), ``raise``, ``junk`` or ``slow``."""
NAME = "saboteur"
GUARDS = "guards.py"
_PLUGIN = Path(__file__).parent / NAME


def move_in(root: Path, names: list[str], mode: str) -> str:
    """Copy the saboteur into the ``plugins`` of the store in ``root`` and list it first; what
    store.toml must say of it. It comes without its guards, which stop sales by contract."""
    ignore = shutil.ignore_patterns("__pycache__", GUARDS)
    shutil.copytree(_PLUGIN, root / "plugins" / NAME, ignore=ignore)
    names.insert(0, NAME)
    return f'\n[plugin.{NAME}]\nmode = "{"raise" if mode == "1" else mode}"\n'


def guard(root: Path) -> Path:
    """Give the saboteur of a store its guards; the file to delete to be rid of them."""
    return Path(shutil.copy(_PLUGIN / GUARDS, root / "plugins" / NAME / GUARDS))
