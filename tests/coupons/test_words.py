"""Every text that people see is there in Chinese too."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import storegen_plugins.coupons as plugin
from storegen_plugins.coupons import admin, admin_form, admin_reading, choosing, refusals, sample
from storegen_plugins.coupons.words import LOCALE

from storegen.sdk.web import Ask
from storegen.web import i18n
from tests.fixtures.goods import STAFF

FOLDER = Path(plugin.__file__).parent
_IN_TEMPLATES = re.compile(r'\b_\(\s*"([^"]+)"')
_PLURALS = re.compile(r'ngettext\(\s*"([^"]+)",\s*"([^"]+)"')
_IN_CODE = ("gettext", "_say", "say")


def said_in_templates() -> set[str]:
    found: set[str] = set()
    for path in (FOLDER / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        found |= set(_IN_TEMPLATES.findall(text))
        found |= {one for one, _ in _PLURALS.findall(text)}
        found |= set(re.findall(r'_\("([^"]+)"\)', text))
    return found


def said_in_code() -> set[str]:
    found: set[str] = set()
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in _IN_CODE:
                for each in node.args:
                    for part in ast.walk(each):
                        if isinstance(part, ast.Constant) and isinstance(part.value, str):
                            found.add(part.value)
    return found - {"coupons"}


def said_in_the_back_office() -> set[str]:
    found: set[str] = set()
    for resource in (admin.CAMPAIGNS, admin.ISSUED, admin.BATCHES):
        found |= {resource.title, resource.search, resource.empty}
        found |= {each.title for each in resource.columns}
        found |= {title for each in resource.filters for _, title in each.choices}
        verbs = [*resource.verbs, *([resource.create] if resource.create else [])]
        found |= {text for each in verbs for text in (each.title, each.confirm, each.help)}
    for pairs in (
        admin_form.KIND_TITLES,
        admin_form.CHANNEL_TITLES,
        admin_reading.CAMPAIGN_STATES,
        admin_reading.COUPON_STATES,
    ):
        found |= {title for _, title in pairs}
    found |= set(admin_reading._CHANNELS.values())
    return found


def said_in_the_form(shop) -> set[str]:
    found: set[str] = set()
    with shop.read() as uow:
        form = admin_form.campaign_form(Ask(store=shop, uow=uow, actor=STAFF))
        for field in form.fields.values():
            found |= {field.metadata["title"], field.metadata.get("help", "")}
            found |= {title for _, title in field.metadata.get("choices", ())}
    return found


def test_every_text_is_there_in_chinese(shop):
    texts = i18n.plugin_texts(LOCALE, "zh_Hans")
    core = i18n.texts("zh_Hans")
    said = (
        said_in_templates()
        | said_in_code()
        | said_in_the_back_office()
        | said_in_the_form(shop)
        | set(refusals.SENTENCES.values())
        | set(choosing._WHY.values())
    )
    assert len(said) > 140
    missing = {one for one in said if one and not texts.knows(one) and not core.knows(one)}
    assert missing == set()


def test_the_samples_campaigns_have_names_in_both_languages(shop):
    with shop.read() as uow:
        for _, rules, _ in sample._campaigns(uow, 100):
            assert set(rules["titles"]) == {"zh", "en"}
