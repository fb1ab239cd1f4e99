"""A wheel carries everything that a shop needs, and works where the repository is not."""

from __future__ import annotations

import configparser
import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

import storegen

ROOT = Path(__file__).parent.parent
# Import name of each top-level folder (setup.cfg, package_dir).
FOLDERS = {"storegen": "storegen", "plugins": "storegen_plugins", "themes": "storegen_themes"}
# What a developer's tree holds beside the sources.
NOT_SHIPPED = {"__pycache__", ".mypy_cache", ".ruff_cache"}


def sources() -> dict[str, Path]:
    """Every file of the three folders, by the path that it has in a wheel."""
    return {
        f"{name}/{path.relative_to(ROOT / folder).as_posix()}": path
        for folder, name in FOLDERS.items()
        for path in sorted((ROOT / folder).rglob("*"))
        if path.is_file() and not NOT_SHIPPED & set(path.parts) and path.suffix != ".pyc"
    }


def test_setup_cfg_lists_every_package() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    listed = setup["options"]["packages"].split()
    folders = sorted(
        str(Path(path).parent).replace("/", ".")
        for path in sources()
        if Path(path).name == "__init__.py"
    )
    assert sorted(listed) == folders
    assert len(set(listed)) == len(listed)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy: building in place would leave build/ and egg-info behind."""
    tree, out = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("wheel")
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.split(b"\0")
    wanted = ("setup.cfg", "pyproject.toml", "README.md", "LICENSE", *FOLDERS)
    for name in map(os.fsdecode, filter(None, tracked)):
        if name.partition("/")[0] in wanted and (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).write_bytes((ROOT / name).read_bytes())
    # The installed setuptools builds, so that the test asks no package index for one.
    build = "from setuptools.build_meta import build_wheel; import sys; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, out], cwd=tree, check=True, capture_output=True)
    (made,) = out.glob("*.whl")
    return made


def test_wheel_holds_what_the_folders_hold(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if ".dist-info/" not in name}
        empty = [name for name in shipped - set(sources()) if not name.endswith("/")]
        assert empty == [], "in the wheel and not in the folders"
        missing = sorted(set(sources()) - shipped)
        assert missing == [], "add the file's kind to [options.package_data]"
        for name, path in sources().items():
            assert archive.read(name) == path.read_bytes(), name


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment's bin folder: the wheel, and third-party packages lent by a .pth."""
    home = tmp_path_factory.mktemp("elsewhere")
    venv.create(home / "env", with_pip=False, symlinks=True)
    folder = home / "env" / "bin"
    site = Path(sysconfig.get_path("purelib", vars={"base": str(home / "env")}))
    lent = sysconfig.get_path("purelib")
    pip = (sys.executable, "-m", "pip", "--python", folder / "python")
    install = (*pip, "install", "--no-deps", "--no-index", "--quiet", wheel)
    subprocess.run([str(word) for word in install], check=True, capture_output=True)
    # Only a path line: .pth files of the lending folder (the editable install) are not followed.
    (site / "lent.pth").write_text(f"{lent}\n", "utf-8")
    return folder


def run(folder: Path, *command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of the fresh environment, away from the repository."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    return subprocess.run(
        [str(folder / command[0]), *map(str, command[1:])],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def test_installed_elsewhere_it_is_the_wheel_that_runs(installed: Path, tmp_path: Path) -> None:
    where = "import storegen as s, storegen_themes as t; print(s.__file__, t.__file__)"
    done = run(installed, "python", "-c", where, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for path in done.stdout.split():
        assert Path(path).is_relative_to(installed.parent), "the repository's code was imported"


def test_the_command_works_there(installed: Path, tmp_path: Path) -> None:
    done = run(installed, "storegen", "--version", cwd=tmp_path)
    assert (done.returncode, storegen.__version__ in done.stdout) == (0, True), done.stderr


def test_a_shop_is_made_there(installed: Path, tmp_path: Path) -> None:
    done = run(installed, "storegen", "new", tmp_path / "shop", "--sample", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout.splitlines()[-1])
    assert made["products"] > 0
    assert made["skipped"] == 0 or made["skipped"] == []
    checked = run(installed, "storegen", "check", tmp_path / "shop", cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout + checked.stderr
