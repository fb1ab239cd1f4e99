"""The first home page of a shop: the brand's own words and pictures as a theme page's data.

The result goes into `ThemePage` (theme, "home"). A shop without words of its own needs none: the
theme's page speaks for itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any


def home_sections(home: Mapping[str, Any], pictures: Mapping[str, str]) -> dict[str, Any]:
    """``home`` is the table ``[home]`` of a brand.toml, ``pictures`` file name of a picture without
    folder and extension → its SHA-256.

    A part that ``home`` does not have is left out; texts keep all their languages.
    """
    sections = dict(_sections(home, pictures))
    return {"sections": sections, "order": list(sections)}


def _sections(
    home: Mapping[str, Any], pictures: Mapping[str, str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    if hero := home.get("hero"):
        settings = _words(hero, "headline", "text", "button", "alt")
        settings |= _pictures(hero, pictures, image="picture", image_phone="picture_phone")
        if hero.get("link"):
            settings["link"] = f"/products/{hero['link']}"
        yield "hero", {"type": "hero", "settings": settings}
    if values := home.get("values"):
        yield "values", _list("values", "value", values, ("title", "text"))
    if "featured" in home:
        yield "featured", _products(home["featured"])
    yield "shelves", {"type": "shelves", "settings": {}}
    if story := home.get("story"):
        yield "story", _story(story, pictures, side="left")
    if "wares" in home:
        yield "wares", _products(home["wares"])
    if workshop := home.get("workshop"):
        yield "workshop", _story(workshop, pictures, side="right")
    if "gifts" in home:
        yield "gifts", _products(home["gifts"])
    if faq := home.get("faq"):
        yield "faq", _list("faq", "question", faq, ("question", "answer"))


def _products(given: Mapping[str, Any]) -> dict[str, Any]:
    settings = {**_words(given, "headline"), "products": list(given.get("handles", ()))}
    return {"type": "featured", "settings": settings}


def _story(given: Mapping[str, Any], pictures: Mapping[str, str], *, side: str) -> dict[str, Any]:
    settings = _words(given, "headline", "text", "button", "alt")
    settings |= _pictures(given, pictures, image="picture")
    settings["side"] = side
    if given.get("page"):
        settings["link"] = f"/pages/{given['page']}"
    return {"type": "story", "settings": settings}


def _list(
    kind: str, block: str, items: list[Mapping[str, Any]], names: tuple[str, ...]
) -> dict[str, Any]:
    blocks = [{"type": block, "settings": _words(item, *names)} for item in items]
    return {"type": kind, "settings": {}, "blocks": blocks}


def _words(given: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: given[name] for name in names if given.get(name)}


def _pictures(
    given: Mapping[str, Any], pictures: Mapping[str, str], **names: str
) -> dict[str, str]:
    found = {
        ours: pictures.get(PurePosixPath(given.get(theirs, "")).stem)
        for theirs, ours in names.items()
    }
    return {name: sha for name, sha in found.items() if sha}
