"""The benchmark runs, with a tiny app in the shop's place."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.serving.conftest import ROOT
from tests.serving.shop import set_price


def test_benchmark_prints_rates_and_ratios(tmp_path: Path) -> None:
    set_price(tmp_path, 1)
    run = subprocess.run(
        [sys.executable, "bench/pages.py", "--store", str(tmp_path), "--path", "/p/1",
         "--factory", "tests.serving.shop:site", "--rounds", "1", "--seconds", "0.3"],
        cwd=ROOT, capture_output=True, text=True, timeout=120, env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert run.stderr == ""
    rates = [
        float(rate.replace(",", "")) for rate in re.findall(r"([\d,]+) requests/s", run.stdout)
    ]
    ratios = [float(ratio) for ratio in re.findall(r"/ .*? ([\d.]+)  \(at least", run.stdout)]
    assert len(rates) == 3
    assert all(rate > 50 for rate in rates)
    assert abs(ratios[0] - rates[1] / rates[0]) < 0.02
    assert abs(ratios[1] - rates[1] / rates[2]) < 0.1
    assert run.returncode == (0 if ratios[0] >= 0.5 and ratios[1] >= 10 else 1)


def test_benchmark_of_a_page_that_is_not_there_fails(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "bench/pages.py", "--store", str(tmp_path), "--path", "/p/1",
         "--factory", "tests.serving.shop:site", "--rounds", "1", "--seconds", "0.3"],
        cwd=ROOT, capture_output=True, text=True, timeout=120, env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert run.returncode == 1
    assert "requests/s" not in run.stdout
