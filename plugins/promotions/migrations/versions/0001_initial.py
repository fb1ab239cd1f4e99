"""Tables of the promotions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "p_promotions__activity",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("priority", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("schedule", sa.JSON(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.Column("stopped_at", sa.BigInteger(), nullable=True),
        sa.Column("changes_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_p_promotions__activity")),
        sa.UniqueConstraint("public_id", name=op.f("uq_p_promotions__activity_public_id")),
    )
    op.create_index(
        "ix_p_promotions__activity_changes", "p_promotions__activity", ["changes_at"], unique=False
    )
    op.create_index(
        "ix_p_promotions__activity_current",
        "p_promotions__activity",
        ["published_at", "stopped_at", "ends_at"],
        unique=False,
    )
    op.create_table(
        "p_promotions__activity_version",
        sa.Column(
            "activity_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "version",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("schedule", sa.JSON(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["p_promotions__activity.id"],
            name=op.f("fk_p_promotions__activity_version_activity_id"),
        ),
        sa.PrimaryKeyConstraint(
            "activity_id", "version", name=op.f("pk_p_promotions__activity_version")
        ),
    )
    op.create_table(
        "p_promotions__flash_person",
        sa.Column(
            "activity_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "product_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("slot", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("taken", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_p_promotions__flash_person_taken")),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["p_promotions__activity.id"],
            name=op.f("fk_p_promotions__flash_person_activity_id"),
        ),
        sa.PrimaryKeyConstraint(
            "activity_id",
            "product_id",
            "slot",
            "person",
            name=op.f("pk_p_promotions__flash_person"),
        ),
    )
    op.create_index(
        "ix_p_promotions__flash_person_person",
        "p_promotions__flash_person",
        ["person"],
        unique=False,
    )
    op.create_table(
        "p_promotions__flash_stock",
        sa.Column(
            "activity_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "product_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("slot", sa.BigInteger(), nullable=False),
        sa.Column("taken", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_p_promotions__flash_stock_taken")),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["p_promotions__activity.id"],
            name=op.f("fk_p_promotions__flash_stock_activity_id"),
        ),
        sa.PrimaryKeyConstraint(
            "activity_id", "product_id", "slot", name=op.f("pk_p_promotions__flash_stock")
        ),
    )
    op.create_table(
        "p_promotions__flash_take",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "activity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("slot", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("returned_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_p_promotions__flash_take_quantity")),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["p_promotions__activity.id"],
            name=op.f("fk_p_promotions__flash_take_activity_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_p_promotions__flash_take")),
        sa.UniqueConstraint(
            "order_id",
            "activity_id",
            "product_id",
            "slot",
            name=op.f("uq_p_promotions__flash_take_order_id_activity_id_product_id_slot"),
        ),
    )
    op.create_table(
        "p_promotions__use",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column(
            "activity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("discount", sa.BigInteger(), nullable=False),
        sa.Column("order_total", sa.BigInteger(), nullable=False),
        sa.Column("pieces", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("paid_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "discount >= 0 AND order_total >= 0", name=op.f("ck_p_promotions__use_discount")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["p_promotions__activity.id"],
            name=op.f("fk_p_promotions__use_activity_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_p_promotions__use")),
        sa.UniqueConstraint(
            "activity_id", "order_id", name=op.f("uq_p_promotions__use_activity_id_order_id")
        ),
    )
    op.create_index(
        op.f("ix_p_promotions__use_order_id"), "p_promotions__use", ["order_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_p_promotions__use_order_id"), table_name="p_promotions__use")
    op.drop_table("p_promotions__use")
    op.drop_table("p_promotions__flash_take")
    op.drop_table("p_promotions__flash_stock")
    op.drop_index("ix_p_promotions__flash_person_person", table_name="p_promotions__flash_person")
    op.drop_table("p_promotions__flash_person")
    op.drop_table("p_promotions__activity_version")
    op.drop_index("ix_p_promotions__activity_current", table_name="p_promotions__activity")
    op.drop_index("ix_p_promotions__activity_changes", table_name="p_promotions__activity")
    op.drop_table("p_promotions__activity")
