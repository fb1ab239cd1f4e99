"""The migrations make what the tables say, on both databases."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from storegen_plugins.promotions.tables import METADATA


def test_the_revision_makes_the_tables_that_the_code_uses(shop):
    def own(_object, name, kind, _reflected, _other):
        return kind != "table" or name.startswith("p_promotions__")

    with shop.read() as uow:
        context = MigrationContext.configure(
            uow.db, opts={"include_object": own, "compare_type": True}
        )
        assert compare_metadata(context, METADATA) == []
