"""Cainiao's action codes, by what they mean.

A code that is known and says nothing of where the parcel is leaves it to the words beside it.
"""

from collections.abc import Mapping
from typing import Final

from apaclogistics.fulfilment import Milestone
from apaclogistics.incidents import Incident
from apaclogistics.interop._codes import meanings
from apaclogistics.interop._phrases import NOTHING, Sense

__all__ = ("ACTION_CODES",)

# Source: Alibaba TOP API, aliexpress.logistics.redefining.querytrackingresult and
# cainiao.endpoint.locker.top.order.tracking: the action codes.  Our decision: their milestones.
# A seller's warehouse is no carrier, so that nothing of it is an acceptance.
ACTION_CODES: Final[Mapping[str, Sense]] = meanings(
    {
        Sense(Milestone.REGISTERED): "CONSIGN OM_CONSIGN GTMS_ASN GWMS_ACCEPT GWMS_PICK "
        "GWMS_PACKAGE GWMS_OUTBOUND GWMS_HANDOVER",
        Sense(Milestone.ACCEPTED): "PU_PICKUP_SUCCESS PU_SIGN_IN_SUCCESS GOT",
        Sense(Milestone.TRANSIT_HUB): "SC_INBOUND_SUCCESS SC_OUTBOUND_SUCCESS SC_HO_OUT_SUCCESS "
        "SC_SIGN_IN_SUCCESS TD_TRANS_ARRIVE TD_TRANS_DEPART CC_TRANS_START CC_TRANS_SUCCESS",
        Sense(Milestone.IN_TRANSIT): "DEPARTURE ARRIVAL",
        Sense(Milestone.EXPORT_PROCESSING): "CC_EX_START CC_EX_SUCCESS LH_HO_IN_SUCCESS "
        "LH_HO_AIRLINE",
        Sense(Milestone.EXPORT_HELD): "CC_EX_FAILURE",
        Sense(Milestone.EXPORT_HELD, Incident.SECURITY_ISSUE): "LH_HO_AIRLINE_FAILURE",
        Sense(Milestone.DEPARTED_ORIGIN): "LH_DEPART",
        Sense(Milestone.ARRIVED_DESTINATION): "LH_ARRIVE LH_HO_OUT_SUCCESS",
        Sense(Milestone.IMPORT_CUSTOMS): "CC_IM_START CC_IM_PROCESS CC_HO_IN_SUCCESS CUS_DECLARE "
        "CUS_SUCCESS CIQ_SUCCESS",
        Sense(Milestone.CUSTOMS_HELD): "CC_IM_FAILURE CC_HO_OUT_FAILURE CUS_FAILURE",
        Sense(Milestone.CUSTOMS_HELD, Incident.DUTIES_UNPAID): "CUS_TAX",
        Sense(Milestone.CUSTOMS_HELD, Incident.CUSTOMS_INSPECTION): "CIQ_FAILURE",
        Sense(Milestone.CUSTOMS_RELEASED): "CC_IM_SUCCESS CC_HO_OUT_SUCCESS",
        Sense(Milestone.LAST_MILE): "GTMS_ACCEPT GTMS_SC_ARRIVE GTMS_DO_ARRIVE GTMS_RELABEL "
        "GTMS_STATION_IN GTMS_STATION_OUT GSTAHUB_INBOUND",
        Sense(Milestone.OUT_FOR_DELIVERY): "GTMS_DO_DEPART GTMS_DELIVERING GTMS_RE_DELIVERING "
        "SENT_SCAN",
        # The station signs for the parcel, and not yet its recipient.
        Sense(Milestone.AWAITING_COLLECTION): "GTMS_STA_SIGNED GTMS_WAIT_SELF_PICK GSTA_INBOUND "
        "GSTA_INFORM_BUYER POSTMAN_POST",
        Sense(Milestone.ATTEMPT_FAILED): "GTMS_DEL_FAILURE GTMS_SIGN_FAILURE GTMS_FAILURE "
        "GSTA_SIGN_FAIL GSTA_BUYER_SIGN_FAIL STA_SIGN_FAIL FAILED",
        Sense(Milestone.DELIVERED): "GTMS_SIGNED GSTA_SIGN GSTA_BUYER_SIGN STA_SIGN SIGNED",
        Sense(Milestone.HELD): "SC_INBOUND_FAILURE SC_OUTBOUND_FAILURE SC_HO_OUT_FAILURE "
        "SC_SIGN_IN_FAILURE LH_HO_IN_FAILURE LH_POST_COLLECTION LH_ARRIVE_FAILURE "
        "LH_HO_OUT_FAILURE CC_TRANS_FAILURE CC_HO_IN_FAILURE GTMS_SC_ARRIVE_FAILURE "
        "GTMS_STA_SIGN_FAILURE GSTAHUB_INBOUND_FAIL GSTA_INBOUND_FAIL",
        Sense(Milestone.HELD, Incident.INCORRECT_ADDRESS): "GTMS_STA_WAIT_CUST_CHANGE_ADDRESS",
        Sense(Milestone.RETURNING): "RT_INBOUND RT_OUTBOUND RT_HO_OUT RT_WH_HO_IN "
        "RT_WH_HO_IN_FAIL RT_WH_INBOUND RT_WH_INBOUND_FAILURE RT_WH_OUTBOUND RT_WH_HO_OUT "
        "RT_TRANSWH_HO_IN RT_TRANSWH_INBOUND RT_TRANSWH_OUTBOUND RT_TMS_ACCEPT",
        Sense(Milestone.RETURNED): "RETURNED",
        Sense(Milestone.DESTROYED): "RT_DESTROY RT_WH_DESTROY",
        NOTHING: "PU_PICKUP_FAILURE PU_SIGN_IN_FAILURE REJECT GWMS_REJECT GWMS_EXCEPTION "
        "GWMS_CANCEL LH_OTHER GTMS_OTHER GSTA_OTHER GTMS_STA_CUST_TO_DOOR GTMS_STA_CHANGE "
        "GTMS_STA_CN_TO_DOOR GTMS_STA_CN_CHANGE GTMS_STA_CNCP_TO_DOOR GTMS_STA_CNCP_CHANGE",
    }
)
