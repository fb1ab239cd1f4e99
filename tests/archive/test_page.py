"""The commands of docs/how-to/back-up-and-restore.md, run as they stand there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from storegen.store import Store
from tests.archive.shops import fill, rows
from tests.fixtures.stores import STORE_TOML

PAGE = Path(__file__).parents[2] / "docs/how-to/back-up-and-restore.md"


@pytest.mark.slow
def test_the_commands_of_the_page(tmp_path, sqlite_template, make_database, clock):
    (tmp_path / "myshop").mkdir()
    shutil.copyfile(sqlite_template, tmp_path / "myshop/shop.db")
    text = STORE_TOML.format(
        database=json.dumps("sqlite:///shop.db"),
        currency="CNY",
        country="CN",
        locale="zh-Hans",
        mode="demo",
        plugins='["pay_offline"]',
    )
    (tmp_path / "myshop/store.toml").write_text(text)
    with Store.open(tmp_path / "myshop", clock=clock) as store:
        fill(store)
        first = rows(store)
    address = make_database("postgresql") + "&schema=moved"
    commands = "\n".join(re.findall(r"^```sh\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S))
    assert commands.count("storegen ") == 8
    done = subprocess.run(
        ["bash", "-eu", "-c", commands],
        cwd=tmp_path,
        env={
            **os.environ,
            "DATABASE_URL": address,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("no drift") == 2
    for copy in ("copy", "on-postgresql", "back-again"):
        with Store.open(tmp_path / copy, clock=clock) as store:
            assert rows(store) == first
