"""Tables of the coupons."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "p_coupons__birthday",
        sa.Column(
            "customer_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("month", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_p_coupons__birthday")),
    )
    op.create_index(
        "ix_p_coupons__birthday_day", "p_coupons__birthday", ["month", "day"], unique=False
    )
    op.create_table(
        "p_coupons__template",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("total", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("issued", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "per_customer", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("per_day", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("claim_from", sa.BigInteger(), nullable=True),
        sa.Column("claim_until", sa.BigInteger(), nullable=True),
        sa.Column("validity", sa.String(length=16), nullable=False),
        sa.Column("valid_from", sa.BigInteger(), nullable=True),
        sa.Column("valid_until", sa.BigInteger(), nullable=True),
        sa.Column("days", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("gift_from", sa.BigInteger(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "issued >= 0 AND (total IS NULL OR issued <= total)",
            name=op.f("ck_p_coupons__template_issued"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_p_coupons__template")),
        sa.UniqueConstraint("public_id", name=op.f("uq_p_coupons__template_public_id")),
    )
    op.create_index(
        "ix_p_coupons__template_channel", "p_coupons__template", ["channel", "state"], unique=False
    )
    op.create_table(
        "p_coupons__batch",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column(
            "template_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("wanted", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("made >= 0 AND made <= wanted", name=op.f("ck_p_coupons__batch_made")),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["p_coupons__template.id"],
            name=op.f("fk_p_coupons__batch_template_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_p_coupons__batch")),
        sa.UniqueConstraint("public_id", name=op.f("uq_p_coupons__batch_public_id")),
    )
    op.create_index(
        op.f("ix_p_coupons__batch_template_id"), "p_coupons__batch", ["template_id"], unique=False
    )
    op.create_table(
        "p_coupons__coupon",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column(
            "template_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("issue_key", sa.String(length=160), nullable=True),
        sa.Column("code_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("phone_key", sa.String(length=64), nullable=False),
        sa.Column("email_key", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["p_coupons__template.id"],
            name=op.f("fk_p_coupons__coupon_template_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_p_coupons__coupon")),
        sa.UniqueConstraint("issue_key", name=op.f("uq_p_coupons__coupon_issue_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_p_coupons__coupon_public_id")),
        sa.UniqueConstraint(
            "template_id",
            "customer_id",
            "seq",
            name=op.f("uq_p_coupons__coupon_template_id_customer_id_seq"),
        ),
    )
    op.create_index(
        "ix_p_coupons__coupon_due", "p_coupons__coupon", ["state", "ends_at"], unique=False
    )
    op.create_index(
        "ix_p_coupons__coupon_email",
        "p_coupons__coupon",
        ["template_id", "email_key"],
        unique=False,
    )
    op.create_index("ix_p_coupons__coupon_order", "p_coupons__coupon", ["order_id"], unique=False)
    op.create_index(
        "ix_p_coupons__coupon_phone",
        "p_coupons__coupon",
        ["template_id", "phone_key"],
        unique=False,
    )
    op.create_index(
        "ix_p_coupons__coupon_results", "p_coupons__coupon", ["template_id", "state"], unique=False
    )
    op.create_index(
        "ix_p_coupons__coupon_wallet",
        "p_coupons__coupon",
        ["customer_id", "state", "ends_at"],
        unique=False,
    )
    op.create_table(
        "p_coupons__template_version",
        sa.Column(
            "template_id",
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
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["p_coupons__template.id"],
            name=op.f("fk_p_coupons__template_version_template_id"),
        ),
        sa.PrimaryKeyConstraint(
            "template_id", "version", name=op.f("pk_p_coupons__template_version")
        ),
    )
    op.create_table(
        "p_coupons__code",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column(
            "template_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["p_coupons__batch.id"], name=op.f("fk_p_coupons__code_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["template_id"], ["p_coupons__template.id"], name=op.f("fk_p_coupons__code_template_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_p_coupons__code")),
        sa.UniqueConstraint("code", name=op.f("uq_p_coupons__code_code")),
    )
    op.create_index("ix_p_coupons__code_batch", "p_coupons__code", ["batch_id", "id"], unique=False)
    op.create_index(
        "ix_p_coupons__code_template", "p_coupons__code", ["template_id", "state"], unique=False
    )
    op.create_table(
        "p_coupons__use",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column(
            "coupon_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "template_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("order_total", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("paid_at", sa.BigInteger(), nullable=True),
        sa.Column("returned_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "amount > 0 AND order_total >= 0", name=op.f("ck_p_coupons__use_amount")
        ),
        sa.ForeignKeyConstraint(
            ["coupon_id"], ["p_coupons__coupon.id"], name=op.f("fk_p_coupons__use_coupon_id")
        ),
        sa.ForeignKeyConstraint(
            ["template_id"], ["p_coupons__template.id"], name=op.f("fk_p_coupons__use_template_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_p_coupons__use")),
        sa.UniqueConstraint(
            "order_id", "coupon_id", name=op.f("uq_p_coupons__use_order_id_coupon_id")
        ),
    )
    op.create_index(
        op.f("ix_p_coupons__use_coupon_id"), "p_coupons__use", ["coupon_id"], unique=False
    )
    op.create_index(
        op.f("ix_p_coupons__use_template_id"), "p_coupons__use", ["template_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_p_coupons__use_template_id"), table_name="p_coupons__use")
    op.drop_index(op.f("ix_p_coupons__use_coupon_id"), table_name="p_coupons__use")
    op.drop_table("p_coupons__use")
    op.drop_index("ix_p_coupons__code_template", table_name="p_coupons__code")
    op.drop_index("ix_p_coupons__code_batch", table_name="p_coupons__code")
    op.drop_table("p_coupons__code")
    op.drop_table("p_coupons__template_version")
    op.drop_index("ix_p_coupons__coupon_wallet", table_name="p_coupons__coupon")
    op.drop_index("ix_p_coupons__coupon_results", table_name="p_coupons__coupon")
    op.drop_index("ix_p_coupons__coupon_phone", table_name="p_coupons__coupon")
    op.drop_index("ix_p_coupons__coupon_order", table_name="p_coupons__coupon")
    op.drop_index("ix_p_coupons__coupon_email", table_name="p_coupons__coupon")
    op.drop_index("ix_p_coupons__coupon_due", table_name="p_coupons__coupon")
    op.drop_table("p_coupons__coupon")
    op.drop_index(op.f("ix_p_coupons__batch_template_id"), table_name="p_coupons__batch")
    op.drop_table("p_coupons__batch")
    op.drop_index("ix_p_coupons__template_channel", table_name="p_coupons__template")
    op.drop_table("p_coupons__template")
    op.drop_index("ix_p_coupons__birthday_day", table_name="p_coupons__birthday")
    op.drop_table("p_coupons__birthday")
