"""China's divisions as GB/T 2260 has them."""

from __future__ import annotations

import re

import pytest

from storegen import divisions

MUNICIPALITIES = ("110000", "120000", "310000", "500000")


def test_thirty_one_and_three_provinces() -> None:
    provinces = dict(divisions.children("CN"))
    assert len(provinces) == 34
    beyond = {"710000": "台湾省", "810000": "香港特别行政区", "820000": "澳门特别行政区"}
    assert provinces.items() >= beyond.items()
    assert (provinces["110000"], provinces["650000"]) == ("北京市", "新疆维吾尔自治区")


def test_every_province_has_an_english_name() -> None:
    names = [name for _, name in divisions.children("CN", locale="en-GB")]
    assert all(name.isascii() for name in names)
    assert names[0] == "Beijing"
    assert len(set(names)) == 34  # Shanxi and Shaanxi are two


def test_every_city_has_an_english_name_that_no_other_of_its_province_has() -> None:
    for province, _ in divisions.children("CN"):
        cities = [
            (code, name)
            for code, name in divisions.children("CN", province, "en")
            if code.endswith("00")
        ]
        assert all(re.fullmatch("[A-Z][A-Za-zü' ]+", name) for _, name in cities)
        assert len({name for _, name in cities}) == len(cities)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        # Signs that are read in two ways, and names that are not Chinese.
        ("140400", "Changzhi"),
        ("211300", "Chaoyang"),
        ("341500", "Lu'an"),
        ("411100", "Luohe"),
        ("610100", "Xi'an"),
        ("150100", "Hohhot"),
        ("540100", "Lhasa"),
        ("650100", "Urumqi"),
        ("230100", "Harbin"),
    ],
)
def test_cities_are_called_as_maps_call_them(code: str, name: str) -> None:
    assert divisions.path("CN", code, "en")[-1] == (code, name)


def test_every_division_has_one_way_up() -> None:
    known = divisions.load("CN")
    assert known is not None
    assert len(known.names) > 3200
    leaves = [code for code in known.names if divisions.is_valid_leaf("CN", code)]
    assert len(leaves) > 2800
    for code in known.names:
        codes = [each for each, _ in divisions.path("CN", code)]
        assert codes[-1] == code
        assert codes[0] == f"{code[:2]}0000"
        assert 1 <= len(codes) <= 3
    assert sum(len(below) for below in known.below.values()) == len(known.names)


@pytest.mark.parametrize("code", MUNICIPALITIES)
def test_a_municipality_holds_its_districts_itself(code: str) -> None:
    below = [each for each, _ in divisions.children("CN", code)]
    assert len(below) >= 16
    assert all(divisions.is_valid_leaf("CN", each) for each in below)


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("110101", ["北京市", "东城区"]),
        ("440305", ["广东省", "深圳市", "南山区"]),
        ("441900", ["广东省", "东莞市"]),  # a city without districts
        ("429004", ["湖北省", "仙桃市"]),  # run by the province itself
        ("810005", ["香港特别行政区", "油尖旺区"]),
        ("710000", ["台湾省"]),
    ],
)
def test_leaves(code: str, names: list[str]) -> None:
    assert [name for _, name in divisions.path("CN", code)] == names
    assert divisions.is_valid_leaf("CN", code)


@pytest.mark.parametrize("code", ["", "440000", "440300", "999999", "1101", "../../x"])
def test_what_is_no_leaf(code: str) -> None:
    assert not divisions.is_valid_leaf("CN", code)


@pytest.mark.parametrize("country", ["US", "", "../CN", "cn"])
def test_other_countries_have_free_text(country: str) -> None:
    assert divisions.load(country) is None
    assert divisions.children(country) == ()
    assert divisions.path(country, "110101") == ()
    assert not divisions.is_valid_leaf(country, "110101")


@pytest.mark.parametrize(
    ("name", "below", "code"),
    [
        ("广东省", "", "440000"),
        ("广东", "", "440000"),
        ("guangdong", "", "440000"),
        ("深圳", "440000", "440300"),
        ("南山区", "440300", "440305"),
        ("南山区", "440000", None),
        ("海", "", None),
        ("", "", None),
    ],
)
def test_find_by_name(name: str, below: str, code: str | None) -> None:
    assert divisions.find("CN", name, below) == code


def test_the_data_is_read_once() -> None:
    assert divisions.load("CN") is divisions.load("CN")
