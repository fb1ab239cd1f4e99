"""The references of hooks, events, and of the manifest and the values that plugins handle."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from dataclasses import MISSING, fields, is_dataclass
from types import ModuleType
from typing import Any

from storegen import hookspecs, sdk
from storegen.hookspecs import HOOKS
from storegen.plugins.manifest import Manifest
from storegen.values import carrier, event, message, orders, plugin, pricing, reward
from storegen.values.events import EVENTS

_EFFECT = {
    "stop": "stops the boot with a message that names the plugin",
    "skip": "leaves the plugin out of this one answer; after three faults in five minutes, until "
    "they are older",
    "refuse": "refuses what the customer asked for",
    "abort": "rolls the transaction back",
    "retry": "has it called again later, with growing pauses; then it is a dead letter",
}
_MODULES: tuple[ModuleType, ...] = (plugin, pricing, orders, event, message, carrier, reward)


def hooks(note: str) -> str:
    """Every hook with its signature, policy and docstring."""
    intro = inspect.getdoc(hookspecs) or ""
    lines = ["# Hooks", "", note, *_page(intro).splitlines()[2:], ""]
    lines += [
        "[The values](plugin-values.md) have every field; "
        "[compatibility](../explanation/compatibility.md) says what stays as it is.",
        "",
        "| hook | policy |",
        "|---|---|",
        *(f"| [`{name}`](#{name}) | {policy} |" for name, policy in HOOKS.items()),
    ]
    for name, policy in HOOKS.items():
        function = getattr(hookspecs, name)
        lines += [
            "",
            f"## {name}",
            "",
            "```python",
            f"def {name}{_signature(function)}",
            "```",
            "",
            _page(inspect.getdoc(function) or ""),
            "",
            f"An exception, or a value of another type, {_EFFECT[policy]} (`{policy}`).",
        ]
    return "\n".join([*lines, ""])


def events(note: str) -> str:
    """Every event of the core with its version and payload."""
    lines = [
        "# Events",
        "",
        note,
        "A fact that was written in the transaction which made it true, told afterwards to plugins",
        "that name it in their manifest's `events` and answer `on_event`. It is delivered at least",
        "once, for each plugin apart; what fails is tried again with growing pauses and then lies",
        "on the list of dead letters in the back office. Ids are internal; nothing personal is in",
        "a payload. Within a version a payload only grows.",
        "",
        "A plugin's own events are `<plugin>.<name>`: `emits` in the manifest, `emit(uow, ...)`.",
        "",
        "| event | version | when | payload |",
        "|---|---|---|---|",
    ]
    for name, kind in EVENTS.items():
        payload = ", ".join(f"`{key}`: {what}" for key, what in kind.payload.items())
        lines.append(f"| `{name}` | {kind.version} | {kind.what} | {payload} |")
    return "\n".join([*lines, ""])


def values(note: str) -> str:
    """The manifest and every value of `storegen.sdk` that plugins make or are given."""
    lines = [
        "# Manifest, settings and values",
        "",
        note,
        "All of these are imported from `storegen.sdk`. Money is whole minor units, rates are",
        "basis points, times are aware and in UTC.",
        "",
        *_dataclass("Manifest", Manifest),
        "## Settings",
        "",
        "`settings_schema` is a marshmallow `Schema`. The back office draws a form from it, and",
        "`[plugin.<name>]` in `store.toml` takes the same fields; what stands there counts before",
        "the owner's. Give each field a `load_default`, or a shop cannot enable the plugin without",
        "settings. `metadata` of a field: `title` and `help` (English, or language → text),",
        "`choices` (value → title, for a field with `validate.OneOf`), `secret` (never shown).",
        "In `store.toml` a text `$env:NAME` is read from the environment, `$file:path` from a",
        "file (relative to the shop's folder); in the back office it is text. A hook reads",
        'settings from `setup.settings`, `view.setup.settings` or `settings_of(uow, "<name>")`:',
        "always the ones of this moment.",
        "",
    ]
    for module in _MODULES:
        for name in sorted(set(sdk.__all__) & set(_own(module)), key=_own(module).index):
            lines += _dataclass(name, getattr(sdk, name))
    return "\n".join(lines)


def _own(module: ModuleType) -> list[str]:
    return [
        name
        for name, value in vars(module).items()
        if inspect.isclass(value) and value.__module__ == module.__name__
    ]


def _dataclass(name: str, kind: Any) -> list[str]:
    lines = [f"## {name}", "", _page(inspect.getdoc(kind) or ""), ""]
    if not is_dataclass(kind):
        return lines + _protocol(kind)
    said = _said(kind)
    lines += ["| field | type | default | |", "|---|---|---|---|"]
    for one in fields(kind):
        default = "" if one.default is MISSING and one.default_factory is MISSING else "empty"
        if one.default is not MISSING:
            default = f"`{one.default!r}`"
        kind_name = str(one.type).replace("|", "\\|")
        lines.append(f"| `{one.name}` | `{kind_name}` | {default} | {said.get(one.name, '')} |")
    return [*lines, ""]


def _protocol(kind: Any) -> list[str]:
    """The methods that an object of this kind has."""
    lines = []
    for name, value in vars(kind).items():
        if inspect.isfunction(value) and not name.startswith("_"):
            lines += [f"`{name}{_signature(value)}`: {_page(inspect.getdoc(value) or '')}", ""]
    return lines


def _said(kind: Any) -> dict[str, str]:
    """Field → the text that stands below it in the code."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    assert isinstance(tree, ast.ClassDef)
    found = {}
    for before, after in zip(tree.body, tree.body[1:], strict=False):
        if (
            isinstance(before, ast.AnnAssign)
            and isinstance(before.target, ast.Name)
            and isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
        ):
            text = " ".join(str(after.value.value).split())
            found[before.target.id] = _page(text).replace("|", "\\|")
    return found


def _signature(function: Any) -> str:
    signature = inspect.signature(function)
    return re.sub(r"'([^']*)'", r"\1", str(signature))


def _page(docstring: str) -> str:
    """reStructuredText's double backticks, as Markdown has them."""
    return docstring.replace("``", "`")
