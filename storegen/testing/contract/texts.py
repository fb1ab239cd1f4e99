"""Every text that people see is there in English and in Chinese."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from storegen.sdk import Manifest
from storegen.web.i18n import plugin_texts, texts

_CALLS = {"_", "gettext", "ngettext", "say", "_say"}
_IN_TEMPLATE = re.compile(r"""\b(?:_|gettext|ngettext)\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def titles(manifest: Manifest) -> list[str]:
    """The names that owners read."""
    named = {"the plugin": manifest.title, **manifest.permissions}
    return [
        f"the title of {name} is missing in Chinese"
        for name, title in named.items()
        if not any(locale.startswith("zh") and text for locale, text in title.items())
    ]


def untranslated(folder: Path) -> list[str]:
    """Texts of templates and code that ``locale/zh_Hans`` lacks (the core's own are known)."""
    own, core = plugin_texts(folder / "locale", "zh_Hans"), texts("zh_Hans")
    found = []
    for where, message in sorted(_messages(folder)):
        if _CHINESE.search(message):
            found.append(f"{where}: {message!r} should be English, with the Chinese in locale/")
        elif not own.knows(message) and not core.knows(message):
            found.append(f"{where}: {message!r} has no Chinese in locale/zh_Hans/")
    return found


def _messages(folder: Path) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for path in (folder / "templates").rglob("*.*"):
        where = path.relative_to(folder).as_posix()
        for quoted in _IN_TEMPLATE.findall(path.read_text("utf-8")):
            found.add((where, str(ast.literal_eval(quoted))))
    for path in folder.rglob("*.py"):
        where = path.relative_to(folder).as_posix()
        if not where.startswith(("tests/", "migrations/")):
            found |= {(where, message) for message in _called(ast.parse(path.read_text("utf-8")))}
    return found


def _called(tree: ast.AST) -> Iterable[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or _name(node.func) not in _CALLS:
            continue
        constant = [one for one in node.args if isinstance(one, ast.Constant)]
        if constant and isinstance(constant[0].value, str):
            yield constant[0].value


def _name(function: Any) -> str:
    return str(getattr(function, "id", "") or getattr(function, "attr", ""))
