"""A hundred thousand products in a small machine's memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

PRODUCTS = 100_000
MOST_MEGABYTES = 300
MOST_CPU_SECONDS = 150  # of the importing process: the clock also counts what else runs here

MEASURED = """
import json, resource, sys
from pathlib import Path
from storegen.generate.brief import Brief
from storegen.generate.new_store import new_store

if __name__ == "__main__":
    root, catalog = map(Path, sys.argv[1:])
    report = new_store(Brief(root=root, name="Large", country="CN", currency="CNY",
                             locales=("en",), catalogs=(catalog,)))
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = used.ru_utime + used.ru_stime
    # Not ru_maxrss: that one begins at the size of the process which started this one.
    status = Path("/proc/self/status").read_text()
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1024  # KiB
    print(json.dumps({**report.as_json(), "megabytes": peak, "cpu": cpu, "problems": []}))
"""


def write(path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write('{"storegen":"catalog","version":1,"currency":"CNY"}\n')
        for n in range(PRODUCTS):
            product = {
                "handle": f"p-{n}",
                "title": f"Product {n} 绿茶",
                "description": "<p>Long enough to be a real description of it.</p>" * 4,
                "vendor": f"Vendor {n % 50}",
                "product_type": f"Type {n % 20}",
                "tags": [f"tag {n % 7}", f"tag {n % 11}"],
                "options": [{"name": "Size", "values": ["S", "M"]}],
                "images": [{"source": f"http://127.0.0.1:1/{n}.jpg"}],
                "variants": [
                    {"sku": f"S{n}-{size}", "option_values": [size], "price": 1000 + n % 500,
                     "stock": 5}
                    for size in ("S", "M")
                ],
            }  # fmt: skip
            file.write(json.dumps(product, ensure_ascii=False) + "\n")


@pytest.mark.slow
def test_a_hundred_thousand_products(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    catalog = tmp_path / "large.jsonl"
    write(catalog)
    script = tmp_path / "measured.py"
    script.write_text(MEASURED)
    done = subprocess.run(
        [sys.executable, script, tmp_path / "shop", catalog],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout.splitlines()[-1])
    with capsys.disabled():
        print(
            f"\n{PRODUCTS} products: {report['seconds']} s, {report['cpu']:.0f} s of CPU, "
            f"{report['megabytes']:.0f} MB at most"
        )
    assert (report["products"], report["variants"]) == (PRODUCTS, 2 * PRODUCTS)
    assert (report["skipped"], report["images_failed"]) == (0, PRODUCTS)
    assert report["megabytes"] < MOST_MEGABYTES
    assert report["cpu"] < MOST_CPU_SECONDS
