"""A plugin's settings as a form of the back office, drawn from its marshmallow schema.

Plain kinds are drawn: texts, numbers, yes and no, choices, lists of words, texts in the shop's
languages. What store.toml decides is shown as such; a secret is never shown; a field of another
kind is set in store.toml only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from marshmallow import Schema, missing, validate
from marshmallow import fields as plain

from storegen.domain.plugin_settings import PluginSetting
from storegen.web.admin import fields
from storegen.web.admin.registry import Fact
from storegen.web.context import current, gettext

_MOST = 2000
"""Characters of a text."""


def editable(settings: Iterable[PluginSetting]) -> list[PluginSetting]:
    """Those that the form has."""
    return [each for each in settings if not each.fixed and _kind(each.field)]


def fixed_facts(settings: Iterable[PluginSetting]) -> list[Fact]:
    """What store.toml decides, as lines of the page; a secret's value is not among them."""
    found = []
    for each in settings:
        if each.secret:
            text = gettext("a secret; it is set in store.toml and shown to nobody")
        elif each.fixed:
            text = gettext("%(value)s (set in store.toml)", value=_shown(each.value))
        elif not _kind(each.field):
            text = gettext("can be set in store.toml")
        else:
            continue
        found.append(Fact(title=_title(each), value=text))
    return found


def schema_of(settings: Sequence[PluginSetting], locales: Iterable[str]) -> Schema:
    """The form. An empty field takes its default."""
    return fields.form(**{each.name: _field(each, tuple(locales)) for each in editable(settings)})


def initial(settings: Sequence[PluginSetting]) -> dict[str, Any]:
    """What the form shows at first: the owner's values, or the defaults."""
    found = {}
    for each in editable(settings):
        value = _default(each.field) if each.value is None else each.value
        found[each.name] = dict(value) if isinstance(value, Mapping) else value
    return found


def values_of(settings: Sequence[PluginSetting], typed: Mapping[str, Any]) -> dict[str, Any]:
    """What the form says, as store.toml would have it; None for a value that is the default."""
    found: dict[str, Any] = {}
    for each in editable(settings):
        value = typed.get(each.name)
        if value in ("", [], {}) or value == _default(each.field):
            value = None
        if value is not None and isinstance(each.field, plain.Float):
            value = float(value)
        found[each.name] = value
    return found


def _kind(field: plain.Field[Any]) -> str:
    if isinstance(field, plain.Boolean):
        return "flag"
    if isinstance(field, plain.Integer):
        return "number"
    if isinstance(field, plain.List) and isinstance(field.inner, plain.String):
        return "words"
    if isinstance(field, plain.Dict) and isinstance(field.value_field, plain.String):
        return "texts"
    if isinstance(field, plain.String | plain.Decimal | plain.Float):
        return "text"
    return ""


def _field(setting: PluginSetting, locales: tuple[str, ...]) -> plain.Field[Any]:
    field, title = setting.field, _title(setting)
    given = field.metadata.get("help")
    meta: dict[str, Any] = {"help": _worded(given)} if given else {}
    choices = next((one for one in field.validators if isinstance(one, validate.OneOf)), None)
    if choices is not None and isinstance(field, plain.String):
        titles = field.metadata.get("choices", {})
        listed = [(str(code), _worded(titles.get(code, str(code)))) for code in choices.choices]
        return fields.choice(title, listed, **meta)
    match _kind(field):
        case "flag":
            return fields.flag(title, **meta)
        case "number":
            span = next((one for one in field.validators if isinstance(one, validate.Range)), None)
            least = span.min if span is not None and span.min is not None else -(10**9)
            most = span.max if span is not None and span.max is not None else 10**9
            return fields.number(title, int(least), int(most), empty=True, **meta)
        case "words":
            return fields.words(title, **meta)
        case "texts":
            return fields.texts(title, locales, _MOST, **meta)
    return fields.text(title, _MOST, **meta)


def _title(setting: PluginSetting) -> str:
    return _worded(setting.field.metadata.get("title", setting.name.replace("_", " ").capitalize()))


def _worded(text: Any) -> str:
    """A message id of the plugin, or a text by locale."""
    if isinstance(text, Mapping):
        locale = current().locale
        return str(text.get(locale) or text.get(locale.split("-")[0]) or text.get("en", ""))
    return gettext(str(text))


def _default(field: plain.Field[Any]) -> Any:
    default = field.load_default
    if default is missing:
        return None
    return default() if callable(default) else default


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {text}" for key, text in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
