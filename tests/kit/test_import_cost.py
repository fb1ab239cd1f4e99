"""Projects that have storegen in their environment and do not use the kit pay nothing for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CODE = """
import sys, pytest
before = set(sys.modules)
import storegen.testing.pytest_plugin
print(sorted({name for name in set(sys.modules) - before if not name.startswith("__")}))
"""


def test_the_pytest_plugin_imports_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    imported = {name for name in eval(done.stdout) if "editable" not in name}
    assert imported <= {"storegen", "storegen.testing", "storegen.testing.pytest_plugin"}


def test_pytest_finds_it(tmp_path: Path) -> None:
    """Away from the repository, whose folder may hold what an older build left."""
    done = subprocess.run(
        [Path(sys.executable).with_name("pytest"), "--fixtures", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    for name in ("store", "shopper", "with_plugin", "deliver_events", "queries", "desk", "clock"):
        assert f"\n{name} -- " in done.stdout, done.stdout + done.stderr
