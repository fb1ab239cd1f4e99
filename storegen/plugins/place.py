"""Where a plugin's own files lie: templates, static files, translations, further modules."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType


def package_of(target: object) -> str:
    """The import name of the package that a plugin is, or is in; "" for a single file."""
    if isinstance(target, ModuleType):
        name, is_package = target.__name__, hasattr(target, "__path__")
    else:
        name, is_package = type(target).__module__, False
    return name if is_package else name.rpartition(".")[0]


def folder_of(package: str) -> Path | None:
    """The folder of an imported package."""
    file = getattr(sys.modules.get(package), "__file__", None)
    return Path(file).resolve().parent if file else None
