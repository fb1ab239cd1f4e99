"""The table of receipts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "p_sms_webhook__receipt",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_p_sms_webhook__receipt")),
        sa.UniqueConstraint("key", name=op.f("uq_p_sms_webhook__receipt_key")),
    )
    op.create_index(
        op.f("ix_p_sms_webhook__receipt_at"), "p_sms_webhook__receipt", ["at"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_p_sms_webhook__receipt_at"), table_name="p_sms_webhook__receipt")
    op.drop_table("p_sms_webhook__receipt")
