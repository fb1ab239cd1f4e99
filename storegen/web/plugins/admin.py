"""Plugins in the back office: their resources, permissions and words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import Flask

from storegen.errors import PluginProblem
from storegen.plugins import Plugin
from storegen.store import Store
from storegen.web import i18n
from storegen.web.admin.registry import Resource, registry
from storegen.web.plugins.listed import plugins_of
from storegen.web.plugins.loading import load
from storegen.web.plugins.naming import segment
from storegen.web.plugins.texts import of_plugin


def add(app: Flask, plugin: Plugin) -> None:
    """The plugin's resources into the registry of the core's. Raises `PluginProblem`."""
    name, own = plugin.manifest.name, segment(plugin.manifest.name)
    core = set(registry(app).permissions())
    for permission, titles in plugin.manifest.permissions.items():
        if "en" not in titles:
            raise PluginProblem(
                f"Plugin `{name}`: its permission `{permission}` has no English title.",
                "Give it a title in `en`; other languages are welcome.",
            )
    for resource in load(plugin, "admin", plugin.manifest.admin, Resource):
        if resource.name != own and not resource.name.startswith(f"{own}-"):
            raise PluginProblem(
                f"Plugin `{name}`: its back-office resource is called `{resource.name}`.",
                f"Call it `{own}`, or begin its name with `{own}-`.",
            )
        for permission in resource.permissions():
            if permission not in plugin.manifest.permissions and permission not in core:
                raise PluginProblem(
                    f"Plugin `{name}`: `{resource.name}` asks for the permission "
                    f"`{permission}`, which nobody can be given.",
                    "Name it in the manifest's permissions.",
                )
        try:
            registry(app).add(replace(resource, plugin=name))
        except ValueError as error:
            raise PluginProblem(f"Plugin `{name}`: {error}.", "Give it another name.") from None


def permissions(store: Store, locale: str) -> Mapping[str, str]:
    """Permissions of the store's plugins, with their titles in the reader's language."""
    return {
        permission: in_locale(titles, locale)
        for plugin in plugins_of(store).values()
        for permission, titles in plugin.manifest.permissions.items()
    }


def in_locale(texts: Mapping[str, str], locale: str) -> str:
    """One of a manifest's texts, in the reader's language or in English."""
    return texts.get(locale) or texts.get(locale.split("-")[0]) or texts["en"]


def words(store: Store, locale: str, core: i18n.Texts) -> i18n.Texts:
    """The back office's words with those of the store's plugins; where both have one, the
    core's counts."""
    plugins = plugins_of(store)
    key = f"web.words.{locale}"
    hit = store.cache.get(key)
    if hit is None or hit[1][0] is not plugins:
        found = [texts for each in plugins.values() if (texts := of_plugin(each, locale))]
        hit = ((), (plugins, core.over(found)))
        store.cache[key] = hit
    made: i18n.Texts = hit[1][1]
    return made
