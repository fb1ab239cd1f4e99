"""What a catalog says about its shop without being asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

_CHINESE = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[A-Za-z]+")
_LOOKED_AT = 60_000


def guess_locale(catalogs: Sequence[Path], country: str) -> str:
    """The language that the first catalog seems to be in: ``zh-Hans`` or ``en``.

    A Chinese text has several signs for each word of markup and column names; without a catalog
    the country decides.
    """
    for path in catalogs:
        try:
            with path.open("rb") as file:
                data = file.read(_LOOKED_AT)
        except OSError:
            break  # reading it properly will say what is wrong
        text = data.decode("utf-8", errors="ignore")
        if b"\xff" in data or len(text) < len(data) * 0.5:
            text = data.decode("gb18030", errors="ignore")
        chinese, words = len(_CHINESE.findall(text)), len(_LATIN.findall(text))
        return "zh-Hans" if chinese * 3 > words else "en"
    return "zh-Hans" if country in ("CN", "HK", "MO", "TW", "SG") else "en"
