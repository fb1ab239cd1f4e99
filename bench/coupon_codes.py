"""A million codes in bulk: ``python bench/coupon_codes.py [COUNT]`` prints times and memory.

Makes the codes as the shop's worker does, part by part, and exports them as the back office does.
The limit is the memory that this takes beyond a shop at rest: 32 MB, whatever the count.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

from storegen_plugins.coupons import campaigns, codes
from storegen_plugins.coupons.rules import Rules
from storegen_plugins.coupons.terms import Terms

from storegen.migrate import migrate
from storegen.store import Store
from storegen.testing.stores import STORE_TOML
from storegen.values.actor import CLI

LIMIT = 32
"""MB above rest."""


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "store.toml").write_text(
            STORE_TOML.format(
                database='"sqlite:///shop.db"', currency="CNY", country="CN", locale="en",
                mode="demo", plugins='["coupons"]',
            )
        )  # fmt: skip
        with Store.open(root) as store:
            migrate(store.engine, store.streams)
            rules = Rules(kind="money", amount=1000, titles={"en": "10 off"})
            terms = Terms(rules=rules, channel="code")
            campaign = store.transact(lambda uow: campaigns.create(uow, CLI, "Bulk", terms))
            _make(store, campaign, codes.PART)  # what is loaded once is loaded now
            rest = _peak()
            started = time.perf_counter()
            batch = _make(store, campaign, count)
            made = time.perf_counter() - started
            started = time.perf_counter()
            size = lines = 0
            for part in codes.exported(store, CLI, batch):
                size, lines = size + len(part), lines + part.count("\n")
            exported = time.perf_counter() - started
    more = _peak() - rest
    print(f"made      {count:>9,} codes in {made:6.1f} s  ({count / made:,.0f} a second)")
    print(f"exported  {lines - 1:>9,} codes in {exported:6.1f} s  ({size / 2**20:.1f} MB)")
    print(f"memory    {more:6.1f} MB above rest, limit {LIMIT} MB: ratio {more / LIMIT:.2f}")
    if lines - 1 != count or more > LIMIT:
        sys.exit(1)


def _make(store: Store, campaign: str, count: int) -> str:
    batch = store.transact(lambda uow: codes.order_codes(uow, CLI, campaign, count))
    while store.transact(codes.make_codes):
        pass
    return batch


def _peak() -> float:
    """This process's largest size so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else 1_000_000)
