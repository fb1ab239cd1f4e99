"""The migrations of the small bundled plugins make what their tables say, on both databases, and
all that people read is there in Chinese."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import storegen_plugins.gift_wrap as gift_wrap
import storegen_plugins.sms_webhook as sms_webhook
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from storegen_plugins.sms_webhook import admin

from storegen.web import i18n

_SAID = re.compile(r'\b_\(\s*"([^"]+)"')


@pytest.mark.parametrize("plugin", [gift_wrap, sms_webhook])
def test_the_revision_makes_the_tables_that_the_code_uses(plugin_store, plugin):
    name = plugin.manifest.name

    def own(_object, table, kind, _reflected, _other):
        return kind != "table" or table.startswith(f"p_{name}__")

    shop = plugin_store(name)
    with shop.read() as uow:
        context = MigrationContext.configure(
            uow.db, opts={"include_object": own, "compare_type": True}
        )
        assert compare_metadata(context, plugin.manifest.tables) == []


def test_every_text_is_there_in_chinese():
    said = {"Gift wrapping"}
    for path in (Path(gift_wrap.__file__).parent / "templates").rglob("*.html"):
        said |= set(_SAID.findall(path.read_text("utf-8")))
    texts = i18n.plugin_texts(Path(gift_wrap.__file__).parent / "locale", "zh_Hans")
    assert len(said) > 6
    assert [text for text in said if not texts.knows(text)] == []
    resource = admin.RECEIPTS
    shown = {resource.title, resource.empty, *admin.STATES.values()}
    shown |= {column.title for column in resource.columns}
    texts = i18n.plugin_texts(Path(sms_webhook.__file__).parent / "locale", "zh_Hans")
    assert [text for text in shown if not texts.knows(text)] == []
