"""The package under which the plugins in a store's own folder are imported."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from types import ModuleType

OWN = "_storegen_own_"


def own_package(folder: Path) -> str:
    """The name of a package that holds what lies in ``folder``, and nothing else.

    It is private to the folder as it is now: two stores with a plugin of one name do not share it,
    and a file that was changed is imported anew when the store is opened again.
    """
    name = f"{OWN}{_fingerprint(folder)}"
    if name not in sys.modules:
        package = ModuleType(name, "Plugins of one store.")
        package.__path__ = [str(folder)]
        sys.modules[name] = package
    return name


def own_root(module: str) -> str:
    """The package of `own_package` that ``module`` is in, "" for any other module."""
    return module.partition(".")[0] if module.startswith(OWN) else ""


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256(str(folder.resolve()).encode())
    for path in sorted(folder.rglob("*.py")):
        status = path.stat()
        seen = f"{path.relative_to(folder)}\0{status.st_mtime_ns}\0{status.st_size}\0"
        digest.update(seen.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:20]
