"""What a catalog says about its shop without being asked."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

_CHINESE = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[A-Za-z]+")
_LOOKED_AT = 60_000
_IN_WORKBOOK = ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml")


def guess_locale(catalogs: Sequence[Path], country: str) -> str:
    """The language that the first catalog seems to be in: ``zh-Hans`` or ``en``.

    A Chinese catalog has a Chinese sign for every few words of markup and column names; without
    a catalog the country decides.
    """
    for path in catalogs:
        try:
            data = _beginning(path)
        except (OSError, zipfile.BadZipFile):
            break  # reading it properly will say what is wrong
        text = _decoded(data)
        chinese, words = len(_CHINESE.findall(text)), len(_LATIN.findall(text))
        return "zh-Hans" if chinese * 3 > words else "en"
    return "zh-Hans" if country in ("CN", "HK", "MO", "TW", "SG") else "en"


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(_LOOKED_AT)
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(path) as workbook:
        name = next((each for each in _IN_WORKBOOK if each in workbook.namelist()), None)
        if name is None:
            return b""
        with workbook.open(name) as sheet:
            return sheet.read(_LOOKED_AT)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(data) == _LOOKED_AT and error.start > len(data) - 8:
            return data[: error.start].decode("utf-8")  # the cut went through a character
        return data.decode("gb18030", errors="ignore")
