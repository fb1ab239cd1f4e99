"""What requests share is never older than the last commit, and never something that rolled back."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from storegen.domain import delivery, settings
from storegen.models import Session, ShippingMethod
from storegen.values.actor import CLI
from tests.fixtures.goods import make_delivery


def save(store, **values):
    store.transact(lambda uow: settings.save(uow, CLI, "checkout", values))


def test_a_reader_that_began_before_a_commit_leaves_nothing_old_behind(store):
    """On SQLite a reading unit goes on seeing the database of its first look. What it read then
    must not pass for what is true now."""
    save(store, few_left=3)
    with store.read() as reader:
        reader.db.scalar(select(func.count()).select_from(Session))  # its first look
        save(store, few_left=9)
        settings.load(reader)
    with store.read() as later:
        assert settings.load(later).checkout.few_left == 9


def test_what_is_made_from_something_read_before_a_commit_is_not_kept(store):
    """The rival commits between what a value is made from and the making."""
    with store.read() as reader:
        words = settings.load(reader).checkout.few_left
        save(store, few_left=words + 1)
        assert reader.cached("made", (settings.SHELL,), lambda: words) == words
    with store.read() as later:
        assert later.cached("made", (settings.SHELL,), lambda: "new") == "new"


def test_what_rolled_back_was_never_shared(store):
    make_delivery(store)
    with store.read() as uow:
        before = delivery.templates(uow)[0].title

    def change_and_fail(uow):
        uow.db.execute(update(ShippingMethod).values(title="never"))
        uow.touch(settings.SHELL)
        assert delivery.templates(uow)[0].title == "never", "a unit sees its own changes"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.transact(change_and_fail)
    with store.read() as uow:
        assert delivery.templates(uow)[0].title == before


def test_a_value_is_made_once_until_it_is_touched(store):
    made = []
    for _ in range(3):
        with store.read() as uow:
            uow.cached("k", ("shell",), lambda: made.append(1))
    save(store, few_left=8)
    with store.read() as uow:
        uow.cached("k", ("shell",), lambda: made.append(1))
    assert len(made) == 2
