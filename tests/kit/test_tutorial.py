"""The tutorial for plugin authors does what it says, command by command."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from storegen.store import Store
from tests.kit.documented import Newcomer, blocks, put

PAGE = "tutorial/first-plugin.md"


@pytest.mark.slow
def test_every_command_and_sample_works_as_printed(
    tmp_path: Path, make_store: Callable[..., Store]
) -> None:
    desk = tmp_path / "desk"
    desk.mkdir()
    made = make_store(plugins=["pay_offline"])
    made.close()
    shutil.move(made.root, desk / "shop")
    person = Newcomer(desk)
    project = desk / "happy_hour"
    commands, seen = iter(blocks(PAGE)), []
    for block in commands:
        if block.language == "python":
            put(block.text, project / block.file)
            seen.append(block.file)
            if block.file.endswith("__init__.py"):
                before = person.run("pytest -q -k 'not contract'")
                assert "3 failed, 2 passed" in before.stdout, before.stdout + before.stderr
            elif block.file.startswith("tests/"):
                after = person.run("pytest -q")
                assert "7 passed" in after.stdout, after.stdout + after.stderr
            continue
        done = person.run(block.text)
        assert done.returncode == 0, f"{block.text}\n{done.stdout}{done.stderr}"
        if "plugin new" in block.text:
            assert "6 passed" in done.stdout
        if "storegen plugins" in block.text:
            assert "happy_hour 0.1.0" in done.stdout
            assert "!" not in done.stdout
    assert seen == [
        "happy_hour/settings.py",
        "happy_hour/__init__.py",
        "tests/test_happy_hour.py",
    ]
    (wheel,) = (project / "dist").glob("*.whl")
    assert wheel.name.startswith("storegen_happy_hour-0.1.0")
