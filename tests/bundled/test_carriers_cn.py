"""Chinese carriers: offered to staff, with a link to their own page for each parcel."""

from __future__ import annotations

from urllib.parse import urlsplit

from storegen_plugins.carriers_cn import CARRIERS

from storegen.domain import carriers


def test_the_eight_large_ones_are_there_with_https_pages(plugin_store):
    shop = plugin_store("carriers_cn")
    wanted = ["sf", "zto", "yto", "sto", "yunda", "jd", "ems", "jt"]
    assert list(shop.plugins.carriers) == wanted
    for each in CARRIERS:
        assert {"en", "zh"} <= set(each.titles)
        assert urlsplit(each.tracking_url).scheme == "https"
        assert each.tracking_url.count("{number}") == 1


def test_an_owner_chooses_and_orders_them(plugin_store):
    shop = plugin_store("carriers_cn", extra='\n[plugin.carriers_cn]\noffered = ["jd", "sf"]\n')
    assert list(shop.plugins.carriers) == ["jd", "sf"]


def test_an_order_page_names_the_carrier_and_links_the_parcel(plugin_store):
    shop = plugin_store("carriers_cn")
    name, url = carriers.shown(shop, "sf", "SF1234567890", "zh-Hans")
    assert name == "顺丰速运"
    assert url == "https://www.sf-express.com/chn/sc/waybill/waybill-detail/SF1234567890"
