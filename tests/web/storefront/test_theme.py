"""Themes: what an owner or an older theme wrote never breaks a page; edits, languages, colours."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert

from storegen.domain.settings import Brand
from storegen.generate.homepage import home_sections
from storegen.generate.sample_brand import sample_table
from storegen.media.artwork.palette import contrast
from storegen.models import ThemePage
from storegen.store import Store
from storegen.web import brand_css
from storegen.web.theming import load_theme
from storegen.web.theming.environment import environment_of
from storegen.web.theming.schema import BadSetting, SettingSpec, value_of
from storegen.web.theming.sections import resolve
from storegen.web.theming.theme import UnknownTheme
from tests.web.storefront.shelf import client_of, fill, get

LOCALES = ("zh-Hans", "zh", "en")


def edit(store: Store, page: str, data: Any) -> None:
    with store.write() as uow:
        uow.db.execute(
            insert(ThemePage).values(
                theme="grove", page=page, data=data, updated_at=datetime(2026, 1, 1, tzinfo=UTC)
            )
        )
        uow.touch("shell")


def words(text: Any) -> dict[str, Any]:
    return {"type": "words", "settings": {"headline": text}}


@pytest.mark.parametrize(
    "broken",
    [
        {"type": "no-such-section"},
        {"type": None},
        {"type": "words", "settings": {"headline": 7}},
        {"type": "words", "settings": "text"},
        {"type": "featured", "settings": {"count": "many", "products": "all"}},
        {"type": "featured", "settings": {"products": ["no-such-product"]}},
        {"type": "faq", "blocks": [{"type": "nothing"}, 3, {"type": "question"}]},
        {"type": "story", "settings": {"headline": "x", "link": "javascript:alert(1)"}},
        {"type": "hero", "settings": {"picture": "../../etc/passwd"}},
        {"type": "@plugin", "place": "home.end"},
        "text",
        None,
    ],
)
def test_a_broken_section_is_left_out_and_the_rest_stands(make_store, caplog, broken):
    store = make_store()
    fill(store)
    edit(store, "home", {
        "sections": {"a": words("Before"), "b": broken, "c": words("After")},
        "order": ["a", "b", "missing", 5, "c"],
    })  # fmt: skip
    with caplog.at_level(logging.WARNING):
        answer = get(client_of(store), "/")
    assert answer.status_code == 200
    assert re.search(r"Before.*After", answer.text, re.DOTALL)
    assert "javascript:" not in answer.text


@pytest.mark.parametrize("data", [[], {}, {"sections": 1, "order": 2}, {"order": ["a"]}])
def test_page_data_that_is_none_is_no_error(make_store, data):
    store = make_store()
    fill(store)
    edit(store, "home", data)
    assert get(client_of(store), "/").status_code == 200


def test_a_section_that_fails_is_left_out_unless_the_page_is_nothing_without_it(
    make_store, monkeypatch, caplog
):
    from storegen.web.theming import resources

    def broken(*_: Any) -> None:
        raise RuntimeError("a defect")

    store = make_store()
    fill(store)
    monkeypatch.setattr(resources.Resources, "cards", broken)
    answer = get(client_of(store), "/")
    assert answer.status_code == 200
    assert "section 'featured' is left out" in caplog.text


def test_an_owners_page_is_shown_in_the_readers_language(make_store):
    store = make_store()
    fill(store)
    edit(store, "home", {
        "sections": {"a": words({"zh-Hans": "你好", "en": "Hello"})}, "order": ["a"],
    })  # fmt: skip
    client = client_of(store)
    assert "你好" in get(client, "/").text
    assert "Hello" in get(client, "/en/").text


def test_the_sample_brands_home_page_uses_what_the_theme_has(caplog):
    """Nothing of it is left out: every setting and block is one that the theme knows."""
    home = sample_table()["home"]
    names = ("hero", "hero-phone", "story", "workshop")
    data = home_sections(home, {name: f"{at:064x}" for at, name in enumerate(names)})
    theme = load_theme("grove")
    found = {section.id: section for section in resolve(theme, data, LOCALES)}
    assert list(found) == data["order"]
    assert caplog.text == ""
    for key, section in found.items():
        unknown = set(data["sections"][key]["settings"]) - set(section.settings)
        assert not unknown, (key, unknown)
    assert found["hero"].settings["picture"] == f"{0:064x}"
    assert found["hero"].settings["picture_phone"] == f"{1:064x}"
    assert len(found["faq"].blocks) == len(home["faq"])


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("text", "x", 5),
        ("bool", True, "yes"),
        ("integer", 4, True),
        ("select", "left", "up"),
        ("link", "/pages/about", "//evil.example"),
        ("link", "https://ok.example/", "javascript:alert(1)"),
        ("picture", "0" * 64, "x"),
        ("colour", "#a0b1c2", "red"),
        ("products", ["a"], [1]),
    ],
)
def test_settings_take_what_they_are_for(kind, good, bad):
    spec = SettingSpec(id="s", kind=kind, label={}, options=("left",))
    assert value_of(spec, good, LOCALES) in (good, tuple(good) if kind == "products" else good)
    with pytest.raises(BadSetting):
        value_of(spec, bad, LOCALES)


def test_html_settings_are_cleaned():
    spec = SettingSpec(id="s", kind="html", label={})
    assert value_of(spec, "<p>a<script>b</script></p>", LOCALES) == "<p>a</p>"


def test_every_section_and_page_of_the_theme_fits_together():
    theme = load_theme("grove")
    for kind, schema in theme.sections.items():
        environment_of(theme.name).get_template(f"sections/{kind}.html")
        assert {"zh-Hans", "en"} <= set(schema.name), kind
        for spec in (*schema.settings, *(s for b in schema.blocks.values() for s in b.settings)):
            assert {"zh-Hans", "en"} <= set(spec.label), (kind, spec.id)
    for name, page in theme.pages.items():
        assert set(page) == {"sections", "order"}
        known = [one for one in page["sections"].values() if one["type"] != "@plugin"]
        assert len(resolve(theme, page, LOCALES)) == len(known), name
        for one in known:
            assert name in theme.sections[one["type"]].pages


def test_an_unknown_theme_is_a_sentence_with_what_to_do():
    with pytest.raises(UnknownTheme, match=r"Set `theme` in store.toml to one of: grove"):
        load_theme("none")


COLOURS = ["#2f4a3f", "#ffe600", "#000000", "#ffffff", "#d0021b", "#0a84ff", "#7b61ff", "#f5a623"]


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("accent", ["#c8743a", "#ffff00", "#101010"])
@pytest.mark.parametrize("paper", [None, "#f7f3ea"])
def test_every_pair_of_colours_can_be_read(colour, accent, paper):
    """Whatever brand: WCAG AA for words, 3 for the edges of controls, light and dark."""
    light = brand_css.colours(colour, accent, paper)
    dark = brand_css.dark_colours(Brand(colour=colour, accent=accent))
    for found in (light, dark):
        for ground in ("paper", "raised", "sunken"):
            for text in ("ink", "muted", "brand-text", "danger", "good", "accent"):
                assert contrast(found[text], found[ground]) >= 4.5, (text, ground, found)
            assert contrast(found["edge"], found[ground]) >= 3, (ground, found)
        assert contrast(found["ink"], found["tint"]) >= 4.5
        assert contrast(found["on-brand"], found["brand"]) >= 4.5
        assert contrast(found["paper"], found["brand-deep"]) >= 4.5
        assert contrast(found["on-accent"], found["accent"]) >= 4.5


def test_brand_css_is_both_and_nothing_else(make_store: Callable[..., Store]):
    text = brand_css.text(Brand(), {"paper": "red; } body { display: none"})
    assert text.count("{") == text.count("}") == 3
    assert "display" not in text
