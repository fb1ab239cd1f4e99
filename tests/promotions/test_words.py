"""Every text that people see is there in Chinese too."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import storegen_plugins.promotions as plugin
from storegen_plugins.promotions import admin, admin_form, flash, pricing, rules
from storegen_plugins.promotions.words import LOCALE

from storegen.sdk.web import Ask
from storegen.web import i18n
from tests.fixtures.goods import STAFF
from tests.promotions.conftest import make_activity

FOLDER = Path(plugin.__file__).parent
_IN_TEMPLATES = re.compile(r'\b_\(\s*["\']([^"\']+)["\']')
_PLURALS = re.compile(r'ngettext\(\s*"([^"]+)",\s*"([^"]+)"')


def said_in_templates():
    for path in (FOLDER / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        yield from _IN_TEMPLATES.findall(text)
        yield from (one for one, _ in _PLURALS.findall(text))


def said_in_code():
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            first = node.args[0]
            text = first.value if isinstance(first, ast.Constant) else None
            if name in ("gettext", "said") and isinstance(text, str):
                yield text
            if name == "Done":
                for keyword in node.keywords:
                    if keyword.arg == "said" and isinstance(keyword.value, ast.Constant):
                        yield keyword.value.value


def said_in_the_back_office():
    for resource in (admin.PROMOTIONS, admin.CALENDAR):
        yield from (resource.title, resource.search, resource.empty, resource.intro)
        yield from (each.title for each in resource.columns)
        yield from (title for each in resource.filters for _, title in each.choices)
        verbs = [*resource.verbs, *([resource.create] if resource.create else [])]
        yield from (text for each in verbs for text in (each.title, each.confirm, each.help))
    yield from (*admin.STATES.values(), *admin.TROUBLES.values(), *admin_form.SENTENCES.values())
    yield from (title for _, title in admin_form.KIND_TITLES)
    yield from (*flash._SENTENCES.values(), *pricing._TIERS.values())


def said_in_forms(shop):
    made = make_activity(shop, "amount_off", every=100, off=1)
    with shop.read() as uow:
        ask = Ask(store=shop, uow=uow, actor=STAFF, key=made)
        forms = [admin_form.new_form(ask), admin_form.kind_form(ask)]
        fields = [field for form in forms for field in form.fields.values()]
        for kind in rules.KINDS:
            fields += admin_form._OF_KIND[kind](ask, "CNY").values()
    for field in fields:
        inner = getattr(getattr(field, "inner", None), "schema", None)
        fields.extend(inner.fields.values() if inner is not None else ())
        for name in ("title", "help", "group", "one", "add"):
            yield field.metadata.get(name, "")
        yield from (title for _, title in field.metadata.get("choices", ()))


@pytest.fixture
def shop(make_store):
    from storegen.migrate import migrate

    store = make_store("sqlite", plugins=["promotions"])
    migrate(store.engine, store.streams)
    return store


def test_every_text_has_a_translation(shop):
    texts = i18n.plugin_texts(LOCALE, "zh_Hans")
    said = {*said_in_templates(), *said_in_code(), *said_in_the_back_office(), *said_in_forms(shop)}
    assert len(said) > 150
    assert sorted(text for text in said - {""} if not texts.knows(text)) == []


def test_placeholders_are_the_same():
    holder = re.compile(r"%\(\w+\)s")
    text = (LOCALE / "zh_Hans" / "promotions.po").read_text("utf-8")
    pairs = re.findall(r'^msgid "(.+)"\n(?:msgid_plural .*\n)?msgstr(?:\[0\])? "(.+)"$', text, re.M)
    assert len(pairs) > 150
    for source, said in pairs:
        assert set(holder.findall(said)) <= set(holder.findall(source)) | {"%(fold)s"}, source
