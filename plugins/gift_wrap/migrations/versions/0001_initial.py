"""The table of wishes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "p_gift_wrap__wish",
        sa.Column(
            "order_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("message", sa.String(length=500), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_p_gift_wrap__wish")),
    )
    op.create_index(
        op.f("ix_p_gift_wrap__wish_customer_id"), "p_gift_wrap__wish", ["customer_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_p_gift_wrap__wish_customer_id"), table_name="p_gift_wrap__wish")
    op.drop_table("p_gift_wrap__wish")
