"""Names of the rules for plans with cartons and trucks."""

from typing import Final

from warehouse.check.cartons import CARTON_RULES
from warehouse.check.load import LOAD_RULES

CONSIGNMENT_RULES: Final[dict[str, str]] = {
    "shipping-tables": "Cartons are packed exactly where there is a catalogue, and "
    "loaded only where there are trucks.",
    "carton-excuse": "Units are left as fitting into no carton only where they fit "
    "into none, or where their order is larger than an order may be.",
    "loaded-twice": "A carton is loaded once.",
    "truck-carrier": "A carton goes with the carrier of its order.",
    "order-on-trucks": "All cartons of an order go on one truck.",
    "truck-missed": "A carton is packed, carried to the door and loaded before its "
    "truck departs.",
    "left-behind": "An order goes on a truck if one of its carrier still has room for "
    "it and departs after it could be loaded.",
    "truck-volume": "A truck holds no more volume of cartons than it can.",
    "truck-mass": "A truck carries no more mass of goods than it may.",
    "loading-order": "The cartons of a truck are numbered from 0 in the order in which "
    "they come to the door.",
}
"""Rules of tables, excuses and trucks."""

NOT_ASKED: Final = ("carton-kind", "carton-cost", "box-kind")
"""A plan says no cost, and rows of unknown cartons and SKUs break other rules."""

SHIPPING_RULES: Final[dict[str, str]] = {
    **CONSIGNMENT_RULES,
    **{
        rule: text
        for rule, text in (CARTON_RULES | LOAD_RULES).items()
        if rule not in NOT_ASKED
    },
}
"""All rules that plans with cartons have beside the others."""
