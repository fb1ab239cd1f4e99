"""Pictures of the teas: each in its pack, and each as dry leaf beside a cup of its liquor."""

from __future__ import annotations

from dataclasses import dataclass

from tools.sample_art import emblems, packs, setting
from tools.sample_art.setting import Tone


@dataclass(frozen=True, slots=True)
class Tea:
    """What a tea looks like: pack, pack colour, emblem, setting, dry leaf and liquor."""

    pack: str
    colour: str
    emblem: emblems.Emblem
    tone: Tone
    leaf: str
    dry: str
    liquor: str
    tip: str = ""
    ink: str = packs.INK
    lid: str = ""
    opening: str = "moon"


TEAS: dict[str, Tea] = {
    "rainhill-maofeng": Tea(
        "tin",
        "#3f6650",
        emblems.hills,
        setting.GREEN,
        "curl",
        "#5c7346",
        "#d7d98a",
        "#b9c191",
        "#2f4a3f",
    ),
    "longjing": Tea(
        "tube",
        "#8ba05a",
        emblems.lake,
        setting.GREEN,
        "flat",
        "#94a05a",
        "#dfdc94",
        "",
        "#4d5f2c",
        "#e9dfc2",
        "arch",
    ),
    "anji-baicha": Tea(
        "pouch",
        "#c9d6b4",
        emblems.twig,
        setting.GREEN,
        "needle",
        "#84a05c",
        "#e4e4a8",
        "#b7cb8b",
        "#4a6b3c",
    ),
    "taiping-houkui": Tea(
        "tall",
        "#2f5a4a",
        emblems.cloud,
        setting.GREEN,
        "flat",
        "#4e6b45",
        "#d5dc95",
        "",
        "#2f5a4a",
        "#c9a25e",
        "arch",
    ),
    "zhengshan-xiaozhong": Tea(
        "tin",
        "#7c2f26",
        emblems.pines,
        setting.RED,
        "curl",
        "#3b2c28",
        "#c2622b",
        "#a4763c",
        "#7c2f26",
    ),
    "keemun": Tea(
        "pouch",
        "#b9604a",
        emblems.cloud,
        setting.RED,
        "needle",
        "#38302e",
        "#b9522a",
        "#9c7a4a",
        "#7d3325",
    ),
    "dianhong-gold": Tea(
        "tube",
        "#c68a34",
        emblems.sun,
        setting.RED,
        "bud",
        "#a9752d",
        "#c76a26",
        "#d9a64e",
        "#7a4a14",
        "#6d2f22",
        "arch",
    ),
    "wuyi-rougui": Tea(
        "tin",
        "#4a4038",
        emblems.cliff,
        setting.OOLONG,
        "strip",
        "#3d352d",
        "#c07a34",
        "#6b5844",
        "#4a4038",
        "#a9763c",
    ),
    "tieguanyin": Tea(
        "pouch",
        "#5f8577",
        emblems.orchid,
        setting.OOLONG,
        "ball",
        "#4f6d4b",
        "#dcc872",
        "#7f9a63",
        "#35574b",
    ),
    "dancong-milan": Tea(
        "tube",
        "#d8a548",
        emblems.orchid,
        setting.OOLONG,
        "strip",
        "#5b4a33",
        "#d99a3e",
        "#86693f",
        "#6b4a16",
        "#3c4a3c",
        "arch",
    ),
    "osmanthus-oolong": Tea(
        "sachets",
        "#e2b24c",
        emblems.osmanthus,
        setting.OOLONG,
        "ball",
        "#5c6b42",
        "#dcae54",
        "#e9b93e",
        "#7a5213",
    ),
    "silver-needle": Tea(
        "tube",
        "#e9e6da",
        emblems.bud,
        setting.WHITE,
        "bud",
        "#b9bda2",
        "#eadfae",
        "#dcdcc6",
        "#59625a",
        "#7c8a80",
        "arch",
    ),
    "aged-white-cake": Tea(
        "cake",
        "#e7dcc4",
        emblems.bud,
        setting.WHITE,
        "broken",
        "#6d5f49",
        "#cf8a3e",
        "#a89a7c",
        "#6b5a3c",
    ),
    "jasmine-silver": Tea(
        "pouch",
        "#f3efe4",
        emblems.jasmine,
        setting.FLOWER,
        "curl",
        "#77835c",
        "#e6dc9a",
        "#f7f3e6",
        "#4f6b4f",
    ),
    "mandarin-puer": Tea(
        "citrus",
        "#c8702c",
        emblems.citrus,
        setting.DARK,
        "broken",
        "#3a2a22",
        "#7a2f1c",
        "#b2672e",
        "#7a3a14",
    ),
}
