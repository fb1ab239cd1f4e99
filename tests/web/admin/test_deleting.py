"""Pages and ways to deliver are deleted after a question, and kept where something needs them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from storegen.domain import shipping_methods, static_pages, theme_pages
from storegen.domain.delivery import templates
from storegen.domain.shipping_methods import MethodText
from storegen.domain.static_pages import PageText
from storegen.models import AuditLog, StaticPage, Translation
from storegen.store import Store
from storegen.values.actor import CLI
from storegen.values.shipping import FreightZone
from tests.web.admin.conftest import Desk, words


def page(store: Store, kind: str = "page", slug: str = "story", *, published: bool = True) -> str:
    texts = {"zh-Hans": "故事", "en": "Story"}
    made = PageText(slug=slug, title=texts, body=texts, kind=kind, published=published)
    return store.transact(lambda uow: static_pages.save_page(uow, CLI, made))


def method(store: Store, code: str, *, active: bool = True) -> str:
    zone = FreightZone(places=("CN",), first=1, first_fee=1, extra=1, extra_fee=1)
    made = MethodText(code=code, title=code, measure="pieces", zones=[zone], active=active)
    return store.transact(lambda uow: shipping_methods.save_method(uow, CLI, made))


def count(store: Store, model: Any, *where: Any) -> int:
    with store.read() as uow:
        return int(uow.db.scalar(select(func.count()).select_from(model).where(*where)) or 0)


def deletions(store: Store) -> list[str]:
    with store.read() as uow:
        return list(uow.db.scalars(select(AuditLog.action).where(AuditLog.action.like("%.delete"))))


def test_a_page_is_asked_about_then_gone_with_its_languages(desk: Desk, store: Store) -> None:
    key = page(store)
    asked = desk.get(f"/pages/{key}/delete")
    assert "gone for good" in words(asked)
    assert count(store, StaticPage) == 1  # looking deletes nothing
    assert desk.client.get("/pages/story", base_url="http://shop.test").status_code == 200
    desk.done(f"/pages/{key}/delete")
    assert count(store, StaticPage) == 0
    assert count(store, Translation, Translation.entity == static_pages.ENTITY) == 0
    assert desk.client.get("/pages/story", base_url="http://shop.test").status_code == 404
    assert deletions(store) == ["page.delete"]


@pytest.mark.parametrize("kind", ["privacy", "terms", "returns"])
def test_the_last_published_policy_stays(desk: Desk, store: Store, kind: str) -> None:
    key = page(store, kind)
    page(store, kind, "draft", published=False)
    refused = desk.post(f"/pages/{key}/delete")
    assert refused.status_code == 409
    assert "Publish another page of its kind first" in words(refused)
    assert count(store, StaticPage) == 2
    assert deletions(store) == []
    page(store, kind, "newer")
    desk.done(f"/pages/{key}/delete")
    assert count(store, StaticPage) == 2


def test_a_page_that_the_home_page_leads_to_stays(desk: Desk, store: Store) -> None:
    key = page(store)
    section = {"type": "story", "settings": {"link": "/pages/story#begin"}}
    data = {"sections": {"story": section}, "order": ["story"]}
    theme = store.config.theme
    store.transact(lambda uow: theme_pages.save_theme_page(uow, CLI, theme, "home", data))
    refused = desk.post(f"/pages/{key}/delete")
    assert refused.status_code == 409
    assert "Another page leads here" in words(refused)
    assert count(store, StaticPage) == 1
    desk.done("/theme/home/reset")
    desk.done(f"/pages/{key}/delete")


def test_a_method_is_asked_about_then_gone(desk: Desk, store: Store) -> None:
    key, other = method(store, "slow"), method(store, "fast")
    assert "keep its name" in words(desk.get(f"/shipping/{key}/delete"))
    desk.done(f"/shipping/{key}/delete")
    with store.read() as uow:
        assert [each.code for each in templates(uow)] == ["fast"]
    assert deletions(store) == ["shipping_method.delete"]
    method(store, "off", active=False)
    refused = desk.post(f"/shipping/{other}/delete")
    assert refused.status_code == 409
    assert "only delivery on offer" in words(refused)
    with store.read() as uow:
        assert [each.code for each in templates(uow)] == ["fast"]


@pytest.mark.parametrize("path", ["pages", "shipping"])
def test_it_takes_the_permission_to_edit(make_desk: Any, store: Store, path: str) -> None:
    key = page(store) if path == "pages" else method(store, "slow")
    method(store, "other")
    desk = make_desk("pages.view", "settings.view")
    assert desk.get(f"/{path}/{key}").status_code == 200
    assert f"/{path}/{key}/delete" not in desk.get(f"/{path}/{key}").text
    assert desk.post(f"/{path}/{key}/delete").status_code == 403
    assert deletions(store) == []
