"""`storegen plugin new` writes a small plugin with tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from storegen.cli import main
from storegen.store import Store


def new(*arguments: str) -> str:
    done = CliRunner().invoke(main, ["plugin", "new", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def project(tmp_path: Path) -> Path:
    new("happy_hour", "--in", str(tmp_path))
    return tmp_path / "happy_hour"


def pytest_in(folder: Path) -> subprocess.CompletedProcess[str]:
    """As an author runs it: another process, nothing of this repository on its path."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST_", "STOREGEN_", "PYTHONPATH"))
    }
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=folder,
        env={
            **environment,
            "PYTEST_DEBUG_TEMPROOT": str(folder.parent),
            "TMPDIR": str(folder.parent),
        },
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.mark.slow
def test_its_tests_can_fail(project: Path) -> None:
    """That they pass at once, is what the tutorial's test sees."""
    code = project / "happy_hour" / "__init__.py"
    code.write_text(code.read_text("utf-8").replace("facts.percent * 100", "facts.percent * 10"))
    (project / "happy_hour" / "locale" / "zh_Hans" / "happy_hour.po").unlink()
    done = pytest_in(project)
    assert done.returncode == 1
    for name in ("an_order_from_the_amount_on", "keeps_to_the_contract", "in_both_languages"):
        assert f"_{name}" in done.stdout, done.stdout


def test_nothing_of_the_model_is_left(project: Path) -> None:
    for path in project.rglob("*"):
        assert "thank_you" not in path.name
        if path.is_file():
            text = path.read_text("utf-8")
            assert "thank" not in text.lower(), path
            assert "@VERSION@" not in text


def test_it_works_as_a_folder_in_a_stores_own_plugins(
    project: Path, make_store: Callable[..., Store]
) -> None:
    store = make_store(plugins=["pay_offline"])
    shutil.copytree(project / "happy_hour", store.root / "plugins" / "happy_hour")
    done = CliRunner().invoke(main, ["plugin", "enable", str(store.root), "happy_hour"])
    assert done.exit_code == 0, done.output
    assert "happy_hour:0001" in done.output
    with Store.open(store.root) as again:
        assert again.plugins.by_name["happy_hour"].setup.settings["percent"] == 10


@pytest.mark.parametrize("name", ["Happy", "happy-hour", "a__b", "end_", "1st", "x" * 31])
def test_bad_names_are_refused(tmp_path: Path, name: str) -> None:
    done = CliRunner().invoke(main, ["plugin", "new", name, "--in", str(tmp_path)])
    assert done.exit_code != 0
    assert "cannot be a plugin's name" in done.output
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_left_alone(project: Path) -> None:
    before = (project / "README.md").stat().st_mtime_ns
    done = CliRunner().invoke(main, ["plugin", "new", "happy_hour", "--in", str(project.parent)])
    assert "is there already" in done.output
    assert (project / "README.md").stat().st_mtime_ns == before
    done = CliRunner().invoke(main, ["plugin", "new", "coupons", "--in", str(project.parent)])
    assert "There is a plugin `coupons` already" in done.output
