"""The contract names what is wrong, and nothing where nothing is."""

from __future__ import annotations

from pathlib import Path

import pytest

from storegen.testing import assert_plugin_contract
from storegen.testing.contract import check

BAD = """
from storegen.errors import StoreError
from storegen.sdk import (
    Mapped, Manifest, Pk, Promotion, SlotPiece, core_key, hookimpl, mapped_column, tables, words,
)
from pathlib import Path
from sqlalchemy import text

Base = tables("careless")


class Note(Base):
    __tablename__ = "note"
    id: Mapped[Pk]
    customer_id: Mapped[int] = mapped_column(core_key("customer.id"))
    colour: Mapped[str]


manifest = Manifest(
    name="careless",
    version="1.0",
    title={"en": "Careless"},
    tables=Base.metadata,
    slots=(
        SlotPiece(slot="product.buy", template="piece.html", load=lambda v: v.args["nothing"]),
    ),
)


def title(locale):
    return words.say(Path(__file__).parent, locale, "Nobody translated this")


@hookimpl
def pricing_facts(uow, cart):
    uow.db.execute(text("SELECT 1"))
    return 1


@hookimpl
def fees(cart, facts):
    return [0.5]
"""

FIRST = """
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "p_careless__note",
        sa.Column("id", big, primary_key=True),
        sa.Column(
            "customer_id", big, sa.ForeignKey("customer.id", ondelete="CASCADE"), nullable=False
        ),
    )


def downgrade():
    pass
"""


def careless(parent: Path) -> Path:
    folder = parent / "careless"
    (folder / "migrations" / "versions").mkdir(parents=True)
    (folder / "templates" / "careless").mkdir(parents=True)
    (folder / "__init__.py").write_text(BAD, "utf-8")
    (folder / "migrations" / "versions" / "0001_first.py").write_text(FIRST, "utf-8")
    (folder / "templates" / "careless" / "piece.html").write_text("{{ _('Nor this') }}", "utf-8")
    return folder


@pytest.mark.parametrize(
    "said",
    [
        "the title of the plugin is missing in Chinese",
        "imports storegen.errors",
        "'Nobody translated this' has no Chinese",
        "'Nor this' has no Chinese",
        "faults in slot product.buy",
        "faults in fees",
        "pricing_facts runs 1 statements",
        "p_careless__note.customer_id is about people",
        "the tables are not what the models say",
        "going down left the tables p_careless__note",
        "do not go up again",
    ],
)
def test_a_careless_plugin_is_told_everything(said: str, found: list[str]) -> None:
    assert [one for one in found if said in one], found


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the contract finds; once, since it takes a shop through everything."""
    return check(careless(tmp_path_factory.mktemp("plugin")))


def test_a_plugin_that_a_shop_cannot_start_with(tmp_path: Path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("manifest = 1\n")
    with pytest.raises(AssertionError, match="a shop does not start with it"):
        assert_plugin_contract(broken)


def test_a_bundled_plugin_keeps_to_it() -> None:
    assert_plugin_contract("pay_offline")
