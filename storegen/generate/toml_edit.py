"""Changing a value of store.toml without touching the owner's comments and layout."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import Array
from tomlkit.toml_document import TOMLDocument


def edit(path: Path, change: Callable[[TOMLDocument], None]) -> str:
    """Have ``change`` alter the document; the file is replaced whole or not at all. Returns the
    text as it was."""
    before = path.read_text(encoding="utf-8")
    document = tomlkit.parse(before)
    change(document)
    replace(path, tomlkit.dumps(document))
    return before


def replace(path: Path, text: str) -> None:
    """Write the file anew, with the mode that it has: it holds secrets."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".store-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(draft, path.stat().st_mode & 0o777)
        os.replace(draft, path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def list_plugin(name: str, settings: Mapping[str, Any]) -> Callable[[TOMLDocument], None]:
    """A change that puts a plugin at the end of the list, with its first settings if it has a
    table of none yet."""

    def change(document: TOMLDocument) -> None:
        listed = document["store"].setdefault("plugins", tomlkit.array())
        if name not in listed:
            listed.append(name)
        tables = document.get("plugin", {})
        if settings and name not in tables:
            if "plugin" not in document:
                document.add("plugin", tomlkit.table(is_super_table=True))
            table = tomlkit.table()
            for key, value in settings.items():
                table.add(key, value)
            document["plugin"].add(name, table)

    return change


def unlist_plugin(name: str) -> Callable[[TOMLDocument], None]:
    """A change that takes a plugin out of the list; its settings stay for its return."""

    def change(document: TOMLDocument) -> None:
        listed = document["store"].get("plugins", [])
        if isinstance(listed, Array) and name in listed:
            listed.remove(name)

    return change


def drop_settings(name: str) -> Callable[[TOMLDocument], None]:
    """A change that takes a plugin's table out."""

    def change(document: TOMLDocument) -> None:
        tables = document.get("plugin")
        if tables is not None and name in tables:
            del tables[name]

    return change
