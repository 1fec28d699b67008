"""What carriers say in words means what it says, and never the opposite."""

import pytest

from apaclogistics.fulfilment import Milestone
from apaclogistics.incidents import Incident
from apaclogistics.interop._incident_phrases import REASONS
from apaclogistics.interop._milestone_phrases import GOES_WELL, TROUBLE
from apaclogistics.interop._phrases import NOTHING, Sense, joint, normal, sense, understood
from apaclogistics.interop._reading import Cursor

# Written by hand: what is meant, then texts as carriers write them.
TEXTS = """
REGISTERED | Shipment Data Received / Electronic information submitted by shipper
REGISTERED | Shipment information received / Pre-Shipment Info: information sent to the post
REGISTERED | Label created / Shipping label printed / Order created / Order received successfully
REGISTERED | Parcel data processed / The carrier is preparing to pick up the package
REGISTERED | 等待揽收 / 包裹待揽收 / 待揽件 / 已预报 / 您已下单 / 订单创建 / 订单已创建 / 订单接受 / 订单已接收
ACCEPTED | Accepted at counter / Accepted by carrier / Item accepted / Package received / Parcel received
ACCEPTED | Picked up by carrier / Picked up by courier / Received by carrier
ACCEPTED | 包裹已揽收 / 大包收货确认(A-SCAN) / 【深圳】快件已揽收 / 已揽件 / 顺丰速运 已收取快件 / 已收寄 / 揽收成功
EXPORT_PROCESSING | Arrived at departure airport / Export clearance / Export clearance completed
EXPORT_PROCESSING | Export clearance complete / Export customs / Export Customs Declaration Completed
EXPORT_PROCESSING | Export customs clearance completed / Export customs clearance complete
EXPORT_PROCESSING | Export Customs Cleared
EXPORT_PROCESSING | 出口报关 / 出口海关放行 / 出口清关 / 出口清关完成 / 出口国清关完成 / 出口国报关完成 / 报关完成
DEPARTED_ORIGIN | Departed from Country of Origin / Departed from Origin Country
DEPARTED_ORIGIN | Departed country of origin / Departed origin country / Flight departed Shanghai PVG
DEPARTED_ORIGIN | The flight has departed / Leaving from departure country/region / Left origin country
DEPARTED_ORIGIN | The package is on the plane and the plane has departed
DEPARTED_ORIGIN | 始发地出发 / 包裹离开始发国 / 航班起飞 / 航班已起飞 / 飞机已起飞
TRANSIT_HUB | Arrived at facility / Departed facility / Departed from facility
TRANSIT_HUB | Departed from first facility / Arrived at a distribution centre
TRANSIT_HUB | Departed from Regional Distribution Center / Arrived at USPS sort facility
TRANSIT_HUB | Arrived at sorting centre / In the sorting facility / Arrived at transfer center / Transit center
TRANSIT_HUB | 仓库已签收 / 大包已签收
TRANSIT_HUB | 已发出,下一站【上海转运中心] / 已到达【北京转运中心] / 到达中转站 / 进入分拣中心 / 到达分拨中心
TRANSIT_HUB | 离开【广州处理中心】 / 到达集散中心 / 离开集货中心 / 到达运输中心 / 到达运送中心 / 到达无锡分拣中心
IN_TRANSIT | Arrived at Reno / Departed from Reno / In transit / It is on its way / On the way
IN_TRANSIT | 到达【杭州未来科技城营业点】 / 发往上海 / 快件离开【北京】 / 货物运输中 / 运送中
ARRIVED_DESTINATION | Arrival at Destination Post / Arrived at destination / Arrived at Destination Hub
ARRIVED_DESTINATION | Arrived at destination airport / Arrived at destination country
ARRIVED_DESTINATION | Landed, the package has arrived in the destination country / Flight arrived
ARRIVED_DESTINATION | The flight has arrived
ARRIVED_DESTINATION | 到达目的国 / 干线运输到达 / 已抵达目的国 / 目的地到港 / 航班到达 / 航班已到达
IMPORT_CUSTOMS | Arrived at customs / Customs clearance in progress / Customs clearance started
IMPORT_CUSTOMS | Handed over to customs / Import clearance started / Import customs clearance started
IMPORT_CUSTOMS | Presented to customs
IMPORT_CUSTOMS | 已送交海关 / 到达海关 / 开始清关 / 清关中 / 到达清关中心 / 进口清关开始
CUSTOMS_RELEASED | Clearance complete / Parcel customs clearance completed / Cleared customs / Customs cleared
CUSTOMS_RELEASED | Customs clearance complete / Clearance completed / Customs released
CUSTOMS_RELEASED | Import customs clearance complete / Import Customs Clearance Completed
CUSTOMS_RELEASED | Released by customs / Released from customs
CUSTOMS_RELEASED | 海关放行 / 清关完成 / 清关已完成 / 进口清关完成 / 进口国清关完成
LAST_MILE | Arrived at delivery depot / Arrived at delivery facility / Arrived at delivery office
LAST_MILE | Arrived at local delivery station / Delivered to the local carrier
LAST_MILE | Handed over to local carrier / Handed over to last mile / Transferred to last mile carrier
LAST_MILE | Transferred to local carrier / LM Carrier: [Uni Uni] , LM tracking No.: [UUS00T000]
LAST_MILE | 到达投递局 / 到达派件网点 / 到达站点 / 同步尾程供应商 / 尾程供应商:[Uni Uni] / 尾程转运中 / 离开站点
LAST_MILE | 站点扫描 / 到达派送中心 / 到达投递中心 / 到达派件中心
OUT_FOR_DELIVERY | On vehicle for delivery / Out for delivery / With delivery courier
OUT_FOR_DELIVERY | 正在派送途中,请您准备签收(派件人:某,电话:1) / 请准备签收 / 安排投递 / 开始投递 / 开始派送 / 投递中
OUT_FOR_DELIVERY | 正在投递 / 正在派件 / 正在派送 / 派件中 / 派送中 / 派送途中
AWAITING_COLLECTION | Arrived at the collection point / Arrived at pick-up point / Arrived at pickup point
AWAITING_COLLECTION | Available for collection / Available for pick-up / Available for pickup
AWAITING_COLLECTION | Awaiting collection / Delivered to a collection point / Delivered to pick-up point
AWAITING_COLLECTION | Delivered to pickup point / Ready for collection / Ready for pick-up
AWAITING_COLLECTION | Ready for pickup
AWAITING_COLLECTION | 驿站已签收
AWAITING_COLLECTION | 到达自提点 / 到达驿站 / 已到达自提点 / 已放入快递柜 / 待取件 / 待自提 / 待领取 / 等待自提 / 等待取件
DELIVERED | Delivered / Delivered. (left at the door, no signature) / Delivered, Left at front door
DELIVERED | Delivered, signature service not requested / Your parcel has been delivered
DELIVERED | Collected by recipient / Delivered front door / Delivered in mailbox / Delivered successfully
DELIVERED | Delivered to addressee / Delivered to consignee / Delivered to customer / Delivered to the door
DELIVERED | Delivered to front door / Delivered to letterbox / Delivered to mailbox
DELIVERED | Delivered to a neighbour / Delivered to the receiver / Delivered to recipient
DELIVERED | Delivery completed / Delivery successful / Item delivered / Order delivered
DELIVERED | Package delivered / Parcel delivered / Picked up by addressee / Picked up by customer
DELIVERED | Picked up by recipient / Received by addressee / Received by customer
DELIVERED | Parcel received by recipient / Shipment delivered / Signed by recipient / Signed for by: A
DELIVERED | Successful delivery / Successfully delivered / It was delivered
DELIVERED | 妥投 / 已妥投 / 快件已签收(签收人:本人,未验货) / 已自提 / 已送达 / 成功签收 / 投递成功 / 本人签收 / 派件完成
DELIVERED | 派送完成 / 派送成功 / 签收完成 / 签收成功 / 包裹未丢失,已签收 / 【未央区】已签收
ATTEMPT_FAILED | Addressee not available - Will attempt delivery on next working day
ATTEMPT_FAILED | Attempted delivery / Cannot be delivered / Package could not be delivered
ATTEMPT_FAILED | Delivery attempt failed / Delivery attempt unsuccessful / Delivery attempted
ATTEMPT_FAILED | Delivery failed / Delivery failure / Delivery refused / Delivery unsuccessful
ATTEMPT_FAILED | Failed delivery attempt / Failed to deliver / Missed delivery / Recipient not at home
ATTEMPT_FAILED | Notice left / Recipient not available / The recipient refused / Customer refused
ATTEMPT_FAILED | Refused by addressee / Refused by consignee / Refused by receiver
ATTEMPT_FAILED | Refused by recipient / Refused by customer / The recipient refuses to accept the parcel
ATTEMPT_FAILED | Unable to be delivered / Unable to deliver / Undeliverable / Unsuccessful delivery
ATTEMPT_FAILED | Unsuccessfully delivered
ATTEMPT_FAILED | 地址不详 / 地址错误 / 拒收 / 拒签 / 收件人不在 / 投递失败 / 投递未成功 / 无人签收 / 无法投递 / 无法派送 / 无法联系收件人
ATTEMPT_FAILED | 无法送达 / 未妥投 / 派件失败 / 派送不成功 / 派送失败,快件已到达站点 / 派送异常 / 签收失败 / 派送失败
DELAYED | Weather delay / Delayed / 航班延误 / 延迟 / 滞留
HELD | Item being held, addressee being notified / On hold / 扣留 / 暂扣
EXPORT_HELD | Export clearance failed / Export customs clearance failed / Held by export customs
EXPORT_HELD | Security check failed / 出口海关查验 / 出口清关失败 / 安检扣留 / 安检未通过
CUSTOMS_HELD | Customs clearance delay / Customs clearance failed / Customs delay / Customs hold
CUSTOMS_HELD | Parcels detained by customs / Held at customs / Held by customs / Held in customs
CUSTOMS_HELD | Import clearance failed / Retained by customs
CUSTOMS_HELD | 扣关 / 包裹被海关扣留 / 海关查验 / 清关失败 / 清关异常 / 清关延误
MISROUTED | Mis-routed / Mis-sent / Mis-sorted / Misrouted / Missent / Missorted / Sent to the wrong hub
MISROUTED | 错分 / 错发 / 误发
DAMAGED | Package damaged / 包裹破损 / 损坏
LOST | Lost / Item lost / Lost in transit / Package lost / Parcel lost / Shipment lost / 丢件 / 包裹丢失 / 遗失
DESTROYED | Destroyed / Discarded / Disposed of / 弃件 / 包裹已销毁
RETURNING | Being returned / On its way back / On its way to the sender / On the way back
RETURNING | The package is on the way to the sender / Return to sender / Return to shipper
RETURNING | Package was returned to the sender / Returned to shipper / Returning to sender
RETURNING | 返件 / 退件 / 已退回 / 退运 / 收件人拒收,退回寄件人
RETURNED | Delivered to original sender / Delivered to the sender / Delivered to shipper
RETURNED | Successfully received by the sender / Return delivered / Has been delivered to the sender
RETURNED | 寄件人已签收 / 退件签收 / 退件已签收 / 退件已送达 / 退件妥投 / 退回件已签收 / 退回已签收
- | Item not delivered / Your parcel has not been delivered / Delivered to the wrong address
- | Your parcel will be delivered tomorrow / Expected: will be delivered to letterbox / To be delivered
- | Delivered to airline / Item delivered to air transport / Delivered to customs
- | Not lost in transit / No delay / The parcel was never damaged / Return to sender cancelled
- | If delivery failed / Delivery completed unsuccessfully / Pending: awaiting out for delivery
- | Not out for delivery / Isn't on its way / Customs clearance completed failed
- | 未签收 / 快件未签收 / 尚未妥投 / 没有妥投 / 妥投失败 / 未丢失 / 无损坏 / 如派送失败 / 退回已取消
- | 即将到达 / 预计到达 / 无法签收 / 未派送完成 / 未已签收 / 派送完成异常
- | Delivered to customer service / Delivered successfully to the airline / 已送达机场 / 已送达海关
- | Delivery completed to warehouse / Received by customer service / Refused by customs
- | The parcel can be picked up by the recipient / It may be lost in transit / It is to be delivered
- | Your parcel will be returned to sender / Must be returned to sender
- | Teleported / 瞬间移动 / 。。。 / ^ $
"""
ROWS = [
    (meaning, text)
    for meaning, _, texts in (line.partition(" | ") for line in TEXTS.strip().split("\n"))
    for text in texts.split(" / ")
]


@pytest.mark.parametrize(("meaning", "text"), ROWS)
def test_a_text_means_what_it_says(meaning: str, text: str) -> None:
    """In whatever case, width and spacing."""
    expected = None if meaning == "-" else Milestone[meaning]

    assert sense(text).milestone is expected
    assert sense(f"  {text.upper()}\n").milestone is expected
    assert sense(text.replace(" ", "  ")).milestone is expected


PHRASES = [
    (milestone, phrase)
    for table in (GOES_WELL, TROUBLE)
    for milestone, phrases in table.items()
    for phrase in phrases
]


def plain(text: str) -> str:
    """Write a text as the tables do: single words, without articles, in capitals or not."""
    words = "".join(it if it.isalnum() else " " for it in text.casefold().replace("'", "")).split()
    same = {"centre": "center", "neighbour": "neighbor"}
    return " ".join(same.get(word, word) for word in words if word not in {"a", "an", "the"})


@pytest.mark.parametrize(("milestone", "phrase"), PHRASES)
def test_every_phrase_of_the_tables_is_written_above(milestone: Milestone, phrase: str) -> None:
    """So that one that is added, or means something else, shows as a changed line."""
    words = phrase.strip("^$ ").replace("$", "")

    assert [text for meaning, text in ROWS if meaning == milestone.name and words in plain(text)]


@pytest.mark.parametrize(("milestone", "phrase"), PHRASES)
def test_no_phrase_is_hidden_by_another(milestone: Milestone, phrase: str) -> None:
    """By itself, each means what its table says."""
    assert sense(phrase.strip("^$ ")).milestone is milestone


@pytest.mark.parametrize(
    ("milestone", "phrase"), [(it, phrase) for it, phrase in PHRASES if it in GOES_WELL]
)
def test_what_goes_well_is_turned_by_a_word_that_denies_it(
    milestone: Milestone, phrase: str
) -> None:
    """Before it or after it, or putting it off."""
    words = phrase.strip("^$ ")
    turned = (
        ["not {}", "will be {}", "{} failed", "if {}", "awaiting {}", "expected {}"]
        if words.isascii()
        else ["未{}", "{}失败", "即将{}", "{}异常", "无法{}", "没有{}"]
    )

    for text in turned:
        assert sense(text.format(words)).milestone not in {milestone, Milestone.DELIVERED}


# Written by hand: a reason, then texts that give it.
WHY = """
ADDRESS_NOT_FOUND | Delivery failed: address not found / 无法投递:查无此地址
BUSINESS_CLOSED | Delivery failed, business closed / Delivery failed, premises closed / 派送失败,公司休息
CUSTOMS_DOCUMENTATION | Held by customs: missing documentation / Held by customs: missing documents
CUSTOMS_DOCUMENTATION | 清关异常:缺少资料 / 海关扣留,资料不全
CUSTOMS_INSPECTION | Customs delay: customs inspection / 海关查验
DUTIES_UNPAID | Held by customs: duties unpaid / Held at customs, payment of duties is due
DUTIES_UNPAID | Held in customs: unpaid duties / 海关扣留,待缴税 / 海关扣留:未缴税
INCORRECT_ADDRESS | Delivery failed due to an address issue / Delivery failed: address related
INCORRECT_ADDRESS | Delivery failed: incomplete address / Undeliverable: incorrect address
INCORRECT_ADDRESS | Undeliverable, insufficient address / Delivery failed, wrong address
INCORRECT_ADDRESS | 派送失败,地址不完整 / 地址不详 / 派送失败,地址有误 / 地址错误 / 派送失败-地址问题
NOT_HOME | Delivery failed: nobody at home / Delivery failed: nobody home / Recipient not at home
NOT_HOME | 未妥投,收件人不在家 / 派送失败:家中无人
NOT_AVAILABLE | Delivery failed, the recipient can not being reached / Recipient not available
NOT_AVAILABLE | Delivery failed: cannot be reached / Delivery failed: could not be reached
NOT_AVAILABLE | Unable to deliver, unable to contact / 收件人不在 / 无法联系收件人 / 派送失败,联系不上
PROHIBITED | Held by customs: prohibited / 海关扣留:禁运 / 海关扣留,违禁品
REFUSED | Refused by customer / The recipient refuses to accept the parcel / 拒收 / 拒签
REFUSED | Undeliverable: rejected by the recipient
SECURITY_ISSUE | Security check failed / 安检扣留
WEATHER | Weather delay / 天气原因延误
PARCEL_DAMAGED | Package damaged / 包裹破损
PARCEL_LOST | Package lost / 丢件
SORTING_ERROR | Missorted / 错分
- | Delivery failed / On hold / 派送失败 / Held by customs / Arrived at Reno, weather is fine / 退回
"""
REASON_ROWS = [
    (reason, text)
    for reason, _, texts in (line.partition(" | ") for line in WHY.strip().split("\n"))
    for text in texts.split(" / ")
]


@pytest.mark.parametrize(("reason", "text"), REASON_ROWS)
def test_trouble_gives_its_reason(reason: str, text: str) -> None:
    """Where it says one; what goes well has none."""
    assert sense(text).incident is (None if reason == "-" else Incident[reason])


@pytest.mark.parametrize(
    ("reason", "phrase"), [(it, phrase) for it, phrases in REASONS.items() for phrase in phrases]
)
def test_every_reason_of_the_table_is_written_above(reason: Incident, phrase: str) -> None:
    assert [
        text for meaning, text in REASON_ROWS if meaning == reason.name and phrase in plain(text)
    ]


def test_a_text_that_never_ends_is_looked_at_as_far_as_it_goes() -> None:
    """What was cut off does not end a clause."""
    words = "x " * 140

    assert sense(f"Out for delivery. {words * 9}").milestone is Milestone.OUT_FOR_DELIVERY
    assert sense(f"{words} was delivered").milestone is Milestone.DELIVERED
    assert sense(f"{words}it was delivered to an airline").milestone is None
    assert len(normal(words * 9)) < 300


HUB, ANY = Sense(Milestone.TRANSIT_HUB), Sense(Milestone.IN_TRANSIT)
FAILED = Sense(Milestone.ATTEMPT_FAILED)
NOBODY = Sense(Milestone.ATTEMPT_FAILED, Incident.NOT_HOME)
REFUSED = Sense(Milestone.ATTEMPT_FAILED, Incident.REFUSED)


@pytest.mark.parametrize(
    ("senses", "together"),
    [
        ([], NOTHING),
        ([NOTHING, NOTHING], NOTHING),
        ([NOTHING, ANY], ANY),
        ([ANY, HUB], HUB),
        ([HUB, HUB, NOTHING], HUB),
        ([FAILED, NOBODY], NOBODY),
        ([REFUSED, NOBODY], NOBODY),
        ([Sense(Milestone.DELIVERED), FAILED], None),
        ([Sense(Milestone.DELIVERED), ANY], Sense(Milestone.DELIVERED)),
    ],
)
def test_several_texts_agree_or_contradict_each_other(
    senses: list[Sense], together: Sense | None
) -> None:
    """In whatever order; what says less yields."""
    assert joint(senses) == together
    assert joint(reversed(senses)) == together


@pytest.mark.parametrize(
    ("senses", "together", "codes"),
    [
        ([HUB, FAILED], NOTHING, ["two_meanings"]),
        ([NOTHING], NOTHING, ["unknown_words"]),
        ([HUB], HUB, []),
    ],
)
def test_what_nobody_understands_gives_a_warning(
    senses: list[Sense], together: Sense, codes: list[str]
) -> None:
    scan = Cursor.open({})

    assert understood(scan, senses) == together
    assert [doubt.code for doubt in scan.log.doubts] == codes
