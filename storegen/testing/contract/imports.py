"""A plugin imports `storegen.sdk`, and nothing else of storegen."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

_SKIPPED = ("tests", "migrations")


def problems(folder: Path) -> list[str]:
    """Imports that break with the next release, by file and line."""
    found = []
    for path in sorted(folder.rglob("*.py")):
        relative = path.relative_to(folder)
        if relative.parts[0] in _SKIPPED:
            continue
        tree = ast.parse(path.read_text("utf-8"), str(relative))
        found += [
            f"{relative}:{line} imports {module}, which may change at any time; "
            "import storegen.sdk only"
            for line, module in _imports(tree)
            if not _allowed(module, folder.name)
        ]
    return found


def _imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            if node.module == "storegen":
                yield from ((node.lineno, f"storegen.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, node.module


def _allowed(module: str, own: str) -> bool:
    parts = module.split(".")
    if parts[0] == "storegen_plugins":
        return parts[1:2] == [own]
    return parts[0] != "storegen" or parts[1:2] == ["sdk"]
