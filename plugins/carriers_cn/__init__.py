"""Carriers of mainland China, with their pages for one parcel."""

from __future__ import annotations

from storegen.sdk import Carrier, Manifest, PluginSetup, Schema, fields, hookimpl, validate

CARRIERS = (
    Carrier(
        code="sf",
        titles={"en": "SF Express", "zh": "顺丰速运"},
        tracking_url="https://www.sf-express.com/chn/sc/waybill/waybill-detail/{number}",
    ),
    Carrier(
        code="zto",
        titles={"en": "ZTO Express", "zh": "中通快递"},
        tracking_url="https://www.zto.com/express/expressCheck.html?txtBill={number}",
    ),
    Carrier(
        code="yto",
        titles={"en": "YTO Express", "zh": "圆通速递"},
        tracking_url="https://www.yto.net.cn/query/waybill/{number}",
    ),
    Carrier(
        code="sto",
        titles={"en": "STO Express", "zh": "申通快递"},
        tracking_url="https://www.sto.cn/pc/service-page/query?nums={number}",
    ),
    Carrier(
        code="yunda",
        titles={"en": "Yunda Express", "zh": "韵达快递"},
        tracking_url="https://www.yundaex.com/cn/track.php?number={number}",
    ),
    Carrier(
        code="jd",
        titles={"en": "JD Logistics", "zh": "京东物流"},
        tracking_url="https://www.jdl.com/orderSearch?waybillCodes={number}",
    ),
    Carrier(
        code="ems",
        titles={"en": "EMS", "zh": "邮政 EMS"},
        tracking_url="https://www.ems.com.cn/queryList?mailNum={number}",
    ),
    Carrier(
        code="jt",
        titles={"en": "J&T Express", "zh": "极兔速递"},
        tracking_url="https://www.jtexpress.com.cn/trajectoryQuery?waybillNo={number}",
    ),
)
_CODES = tuple(each.code for each in CARRIERS)


class CarriersSettings(Schema):
    """``[plugin.carriers_cn]`` in `store.toml`."""

    offered = fields.List(
        fields.String(validate=validate.OneOf(_CODES)),
        load_default=list,
        metadata={
            "title": {"en": "Carriers", "zh": "快递公司"},
            "help": {
                "en": f"In the order of the form: {', '.join(_CODES)}. None: all.",
                "zh": f"按表单中的顺序：{', '.join(_CODES)}。留空为全部。",
            },
        },
    )


manifest = Manifest(
    name="carriers_cn",
    version="1.0.0",
    title={"en": "Carriers of China", "zh": "国内快递"},
    requires_storegen=">=0.1",
    settings_schema=CarriersSettings,
)


@hookimpl
def carriers(setup: PluginSetup) -> list[Carrier]:
    known = {each.code: each for each in CARRIERS}
    chosen = dict.fromkeys(setup.settings["offered"] or _CODES)
    return [known[code] for code in chosen]
