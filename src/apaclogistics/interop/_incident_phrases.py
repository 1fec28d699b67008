"""The phrases that carriers use, in English and Chinese, by the reason that they give for trouble.

They are written as those of `interop._milestone_phrases` are.
"""

from collections.abc import Mapping
from typing import Final

from apaclogistics.fulfilment import Milestone
from apaclogistics.incidents import Incident

__all__ = ("ITSELF", "REASONS")

# The first that fits goes, so that the more exact reason stands before the less exact one.
REASONS: Final[Mapping[Incident, tuple[str, ...]]] = {
    Incident.ADDRESS_NOT_FOUND: (
        "address not found",
        "查无此地址",
    ),
    Incident.BUSINESS_CLOSED: (
        "business closed",
        "premises closed",
        "公司休息",
    ),
    Incident.CUSTOMS_DOCUMENTATION: (
        "missing documentation",
        "missing documents",
        "缺少资料",
        "资料不全",
    ),
    Incident.CUSTOMS_INSPECTION: (
        "customs inspection",
        "海关查验",
    ),
    Incident.DUTIES_UNPAID: (
        "duties unpaid",
        "payment of duties",
        "unpaid duties",
        "待缴税",
        "未缴税",
    ),
    Incident.INCORRECT_ADDRESS: (
        "address issue",
        "address related",
        "incomplete address",
        "incorrect address",
        "insufficient address",
        "wrong address",
        "地址不完整",
        "地址不详",
        "地址有误",
        "地址错误",
        "地址问题",
    ),
    Incident.NOT_HOME: (
        "nobody at home",
        "nobody home",
        "not at home",
        "不在家",
        "家中无人",
    ),
    Incident.NOT_AVAILABLE: (
        "can not being reached",
        "cannot be reached",
        "could not be reached",
        "not available",
        "unable to contact",
        "收件人不在",
        "无法联系",
        "联系不上",
    ),
    Incident.PROHIBITED: (
        "prohibited",
        "禁运",
        "违禁",
    ),
    Incident.REFUSED: (
        "refused",
        "refuses to accept",
        "rejected by",
        "拒收",
        "拒签",
    ),
    Incident.SECURITY_ISSUE: (
        "security check",
        "安检",
    ),
    Incident.WEATHER: (
        "weather",
        "天气",
    ),
}
# What the trouble itself is, where no reason is given.
ITSELF: Final[Mapping[Milestone, Incident]] = {
    Milestone.DAMAGED: Incident.PARCEL_DAMAGED,
    Milestone.LOST: Incident.PARCEL_LOST,
    Milestone.MISROUTED: Incident.SORTING_ERROR,
}
