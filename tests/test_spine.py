"""The store, its units of work and its schema."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, select

from storegen import migrate
from storegen.errors import BrokenConfig, NotAStore
from storegen.models import Base, Setting
from storegen.store import Store


def test_migrated_schema_is_the_models_schema(store):
    with store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_name": migrate.include_name(migrate.CORE_STREAM),
                "target_metadata": Base.metadata,
            },
        )
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_twice_applies_nothing(store):
    assert migrate.migrate(store.engine) == []
    assert migrate.pending(store.engine) == []


def test_a_unit_commits_whole_or_not_at_all(store):
    def half_done(uow):
        uow.db.execute(insert(Setting).values(key="a", value=1, updated_at=uow.now))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.transact(half_done)
    store.transact(
        lambda uow: uow.db.execute(insert(Setting).values(key="b", value=2, updated_at=uow.now))
    )
    assert store.look(lambda uow: uow.db.scalars(select(Setting.key)).all()) == ["b"]


def test_times_come_back_aware_and_exact(store):
    moment = datetime(2026, 2, 28, 23, 59, 59, 123456, tzinfo=UTC)
    with store.write() as uow:
        uow.db.execute(insert(Setting).values(key="t", value=1, updated_at=moment))
    with store.read() as uow:
        assert uow.db.scalar(select(Setting.updated_at)) == moment


def test_touched_tags_make_cached_values_anew_only_after_the_commit(store):
    made = []

    def value() -> int:
        made.append(1)
        return len(made)

    assert store.cached("k", ("shell",), value) == 1
    with store.write() as uow:
        uow.touch("shell")
        assert store.cached("k", ("shell",), value) == 1
    assert store.cached("k", ("shell",), value) == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[store\n", "Expected"),
        ("", "store"),
        ('[store]\nname = "x"\n', "secret"),
        ('[store]\nname="x"\nsecret="$env:STOREGEN_NOT_SET"\nlocale="en"\ncurrency="USD"\ncountry="US"',
         "STOREGEN_NOT_SET"),
    ],
)  # fmt: skip
def test_a_broken_store_toml_says_where(tmp_path, content, said):
    (tmp_path / "store.toml").write_text(content)
    with pytest.raises(BrokenConfig, match=said):
        Store.open(tmp_path)


def test_a_folder_without_store_toml_is_not_a_store(tmp_path):
    with pytest.raises(NotAStore, match="storegen new"):
        Store.open(tmp_path)
