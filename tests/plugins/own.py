"""A plugin with tables that lies in a store's own folder, release by release."""

from __future__ import annotations

import shutil
from pathlib import Path

INIT = """
from storegen.sdk import Manifest, hookimpl
from .tables import Base, Stamp, Card

manifest = Manifest(
    name="{name}", version="{version}", title={{"en": "Stamps"}}, tables=Base.metadata,
    events=("customer.registered",), emits=("stamped",),
)

@hookimpl
def on_event(uow, event):
    uow.orm.add(Stamp(customer_id=event.payload["customer_id"], count=event.id))
"""

TABLES = """
from storegen.sdk import Mapped, Pk, When, core_key, mapped_column, tables
from sqlalchemy import ForeignKey

Base = tables("{name}")

class Stamp(Base):
    __tablename__ = "stamp"
    id: Mapped[Pk]
    customer_id: Mapped[int] = mapped_column(core_key("customer.id"))
    count: Mapped[int]
    {more}

class Card(Base):  # sorts before the table that it refers to
    __tablename__ = "card"
    id: Mapped[Pk]
    stamp_id: Mapped[int] = mapped_column(ForeignKey("p_{name}__stamp.id"))
"""

FIRST = '''
"""First tables."""
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

def upgrade():
    op.create_table(
        "p_{name}__stamp",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column(
            "customer_id", BigId, sa.ForeignKey("customer.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("count", BigId, nullable=False),
    )
    op.create_table(
        "p_{name}__card",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("stamp_id", BigId, sa.ForeignKey("p_{name}__stamp.id"), nullable=False),
    )

def downgrade():
    op.drop_table("p_{name}__card")
    op.drop_table("p_{name}__stamp")
'''

SECOND = '''
"""A colour."""
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

def upgrade():
    with op.batch_alter_table("p_{name}__stamp") as batch:
        batch.add_column(sa.Column("colour", sa.String(20), nullable=False, server_default="red"))

def downgrade():
    with op.batch_alter_table("p_{name}__stamp") as batch:
        batch.drop_column("colour")
'''
COLOUR = 'colour: Mapped[str] = mapped_column(default="red")'


def write(root: Path, name: str = "stamps", release: int = 1) -> Path:
    """Put a release of the plugin into ``root/plugins``; a newer one replaces the older."""
    folder = root / "plugins" / name
    shutil.rmtree(folder, ignore_errors=True)
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    (folder / "__init__.py").write_text(INIT.format(name=name, version=f"{release}.0"))
    more = COLOUR if release > 1 else ""
    (folder / "tables.py").write_text(TABLES.format(name=name, more=more))
    (versions / "0001_first.py").write_text(FIRST.format(name=name))
    if release > 1:
        (versions / "0002_colour.py").write_text(SECOND.format(name=name))
    return folder
