"""``storegen plugin new``: a small plugin that works, with tests that pass."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

import storegen
from storegen.errors import SetupError
from storegen.plugins import discover
from storegen.plugins.manifest import NAME

_MODEL = Path(storegen.__file__).parent / "data" / "new_plugin"
_NAME, _TITLE, _PACKAGE = "thank_you", "Thank you", "storegen-thank-you"
"""What the model is called; a new plugin has its own name in these places."""
_LONGEST = 30
"""It is part of the tables' and their constraints' names, which PostgreSQL cuts at 63."""


@click.command("new")
@click.argument("name")
@click.option(
    "--in",
    "parent",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="Where to make the folder NAME; the current folder if not given.",
)
def new_plugin_command(name: str, parent: Path) -> None:
    """For authors: write a small plugin called NAME that works, with tests that pass.

    It is a package to install: a promotion with two settings, a piece of the product page, a table
    with its migration, texts in English and Chinese. Change it into yours.
    """
    _check_name(name)
    target = parent / name
    if target.exists():
        raise SetupError(f"{target} is there already.", "Take another name or folder.")
    try:
        _write(target, name)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
    click.echo(f"{target} is a plugin. Test it:")
    click.echo(f'  cd {target}\n  pip install -e ".[test]"\n  pytest')
    click.echo(f"Use it in a shop:\n  storegen plugin enable SHOP {name}")


def _check_name(name: str) -> None:
    if NAME.fullmatch(name) is None or len(name) > _LONGEST or name.endswith("_"):
        raise SetupError(
            f"`{name}` cannot be a plugin's name.",
            "Use small letters, digits and single underscores, at most 30, beginning with a "
            "letter: it is an import name too.",
        )
    if name in discover():
        raise SetupError(f"There is a plugin `{name}` already.", "Take another name.")


def _write(target: Path, name: str) -> None:
    for source in sorted(_MODEL.rglob("*")):
        if not source.is_file():
            continue
        relative = source.relative_to(_MODEL).as_posix().removesuffix(".txt")
        path = target / relative.replace(_NAME, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_renamed(source.read_text("utf-8"), name), encoding="utf-8")


def _renamed(text: str, name: str) -> str:
    words = name.replace("_", " ")
    changes = {
        _PACKAGE: f"storegen-{name.replace('_', '-')}",
        _NAME: name,
        _TITLE: words[:1].upper() + words[1:],
        "@VERSION@": storegen.__version__,
    }
    for before, after in changes.items():
        text = text.replace(before, after)
    return text
