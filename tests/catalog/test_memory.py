"""100,000 products stream through the reader, even where every product's rows are apart."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PRODUCTS = 100_000
LIMIT_MB = 120
SCRIPT = """
import sys
from pathlib import Path
from storegen.generate.catalog import open_catalog
from storegen.values.catalog import CatalogProduct

def peak():
    # Not getrusage: its maximum is inherited from the process that started this one.
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024

before = peak()
products = variants = others = 0
with open_catalog(Path(sys.argv[1]), currency="CNY") as reader:
    for item in reader:
        if isinstance(item, CatalogProduct):
            assert item.handle == f"p-{products}"
            products += 1
            variants += len(item.variants)
        else:
            others += 1
print(products, variants, others, peak() - before)
"""


@pytest.mark.slow
def test_a_hundred_thousand_products_apart_stay_small(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    about = "A few words about it. " * 8
    with path.open("w", encoding="utf-8") as file:
        file.write("Handle,Title,Body (HTML),Option1 Name,Option1 Value,")
        file.write("Variant SKU,Variant Price\n")
        for number in range(PRODUCTS):
            file.write(f"p-{number},商品 {number},{about},Size,S,S{number},19.99\n")
        for number in range(PRODUCTS):
            file.write(f"p-{number},,,,M,M{number},29.99\n")
        for number in range(0, PRODUCTS, 2):
            file.write(f"p-{number},,,,L,L{number},39.99\n")
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(path)], capture_output=True, text=True, check=True
    )
    products, variants, others, grown = map(int, result.stdout.split())
    print(f"peak RSS grew by {grown} MB")
    assert (products, variants, others) == (PRODUCTS, PRODUCTS * 5 // 2, 0)
    # A measure that sees nothing would pass for ever.
    assert 1 <= grown < LIMIT_MB
