"""领域合作台账: ten programmes over all the fields in which the sides work together."""

from __future__ import annotations

from datetime import date

from lianqiao.demo.rows.batch import QUARTERS_2021, YEARS, Batch, Correction, Item, Side, correction, reported
from lianqiao.demo.rows.headings import row
from lianqiao.demo.rows.tree import COUNTY, HOSPITALS, NODES, SCHOOLS

LEDGER = "joint_programmes"

_ENDED = ("远程义诊", date(2021, 9, 30))

# day, the side that leads, field, what, pairing, content
_PROGRAMMES = [
    (date(2018, 9, 10), Side.EAST, "教育", "同步课堂", SCHOOLS[0].name, "两校每周同上一堂课"),
    (date(2019, 3, 18), Side.EAST, "医疗", "专科共建", HOSPITALS[0].name, "骨科、妇产科结对共建"),
    (date(2019, 6, 26), Side.EAST, "科技", "果树科技示范园", COUNTY, "引进新品种，培训果农"),
    (date(2019, 10, 15), Side.EAST, "文化旅游", "旅游线路互推", COUNTY, "互推线路，共办推介"),
    (date(2020, 4, 14), Side.EAST, "医疗", "远程义诊", HOSPITALS[1].name, "每月两次远程会诊"),
    (date(2020, 8, 18), Side.WEST, "金融", "小额信贷风险补偿", COUNTY, "设立风险补偿金"),
    (date(2020, 9, 21), Side.EAST, "产教融合", "订单班", SCHOOLS[4].name, "职业学校与企业合办订单班"),
    (date(2021, 5, 19), Side.EAST, "教育", "名师工作室", SCHOOLS[2].name, "名师带教青年教师"),
    (date(2021, 9, 22), Side.WEST, "医养结合", "日间照料与巡诊", HOSPITALS[2].name, "日间照料中心每周巡诊"),
    (date(2021, 11, 30), Side.WEST, "科技", "冷链保鲜技术推广", COUNTY, "果蔬产后保鲜"),
]


def _name(subject: str) -> str:
    return f"示例：{subject}"


def _item(on: date, side: Side, field: str, subject: str, pairing: str, content: str) -> Item:
    node = NODES[pairing]
    east, west = ("靖江市（示例）", "永寿县（示例）") if pairing == COUNTY else (node.east, node.west)
    values = row(
        LEDGER,
        started_on=on,
        name=_name(subject),
        field=field,
        east_unit=east,
        west_unit=west,
        content=content,
        pairing=pairing,
        evidence=f"示例-领域合作-{on:%Y%m%d}-合作协议.txt",
    )
    return Item(on, side, values)


def batches() -> list[Batch]:
    """By years up to 2020 and by quarters in 2021; each side records the programmes that it leads."""
    return reported(LEDGER, [_item(*programme) for programme in _PROGRAMMES], [*YEARS, *QUARTERS_2021])


def corrections() -> list[Correction]:
    subject, on = _ENDED
    change: dict[str, object] = {"ended_on": on}
    return [correction(date(2021, 10, 11), LEDGER, Side.EAST, {"name": _name(subject)}, change, "合作期满")]
