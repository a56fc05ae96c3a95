"""The transition table of the design, written out by hand and apart from the code: number → from, to."""

from itertools import product

NEGOTIATION = {"awaiting_seller", "offer_pending", "seller_refused"}
PERFORMANCE = {"awaiting_return", "return_in_transit", "awaiting_fulfilment", "awaiting_buyer_confirm"}
HEARING = {"intervention_requested", "under_review", "evidence_period", "mediation", "suspended"}
ARBITRATION = HEARING | {"ruling_in_approval"}
LIVE = {"submitted", "awaiting_carrier", "ruled", "under_appeal", "executing"} | NEGOTIATION | PERFORMANCE | ARBITRATION
CLOSED = {"resolved", "inadmissible", "withdrawn", "lapsed", "referred_external"}
UNRULED = LIVE - {"ruled", "under_appeal", "executing"}
AGREED = {"awaiting_return", "awaiting_fulfilment"}
STAYABLE = {"under_review", "evidence_period", "mediation"}

# An empty set of targets: the status stays.
ROWS: dict[str, tuple[set[str], set[str]]] = {
    "1": ({"draft"}, {"submitted"}),
    "1b": (LIVE, set()),
    "2": ({"submitted"}, set()),
    "2b": ({"submitted"}, set()),
    "2c": ({"submitted"}, set()),
    "2d": (LIVE, set()),
    "3": ({"submitted"}, {"inadmissible"}),
    "4": ({"submitted"}, {"awaiting_seller"}),
    "5": ({"submitted"}, {"awaiting_carrier"}),
    "6": ({"submitted"}, {"intervention_requested"}),
    "7": ({"awaiting_carrier"}, {"awaiting_seller", "awaiting_buyer_confirm", "intervention_requested"}),
    "8": ({"awaiting_carrier"}, {"awaiting_seller"}),
    "9": ({"awaiting_seller"}, AGREED),
    "10": ({"awaiting_seller"}, {"offer_pending"}),
    "11": ({"awaiting_seller"}, {"seller_refused"}),
    "12": ({"awaiting_seller"}, AGREED | {"intervention_requested"}),
    "13": ({"offer_pending"}, AGREED),
    "14": ({"offer_pending"}, {"awaiting_seller", "seller_refused"}),
    "15": ({"offer_pending"}, {"seller_refused"}),
    "16": ({"seller_refused"}, {"awaiting_seller"}),
    "17": (NEGOTIATION | PERFORMANCE, {"intervention_requested"}),
    "18": ({"seller_refused"}, {"lapsed"}),
    "19": ({"awaiting_return"}, {"return_in_transit"}),
    "19b": ({"return_in_transit"}, set()),
    "20": ({"awaiting_return"}, {"lapsed", "resolved", "intervention_requested"}),
    "21": ({"return_in_transit"}, {"awaiting_fulfilment"}),
    "22": ({"return_in_transit"}, {"intervention_requested"}),
    "23": ({"return_in_transit"}, {"awaiting_fulfilment"}),
    "24": ({"awaiting_fulfilment"}, {"resolved", "awaiting_buyer_confirm"}),
    "24b": ({"awaiting_buyer_confirm"}, set()),
    "25": ({"awaiting_fulfilment"}, {"executing", "intervention_requested"}),
    "26": ({"awaiting_buyer_confirm"}, {"resolved"}),
    "27": ({"awaiting_buyer_confirm"}, {"resolved"}),
    "28": ({"awaiting_buyer_confirm"}, {"awaiting_seller"}),
    "29": ({"intervention_requested"}, {"under_review"}),
    "30": ({"intervention_requested"}, {"inadmissible", "awaiting_seller"}),
    "31": ({"under_review"}, {"evidence_period"}),
    "31b": ({"evidence_period"}, set()),
    "32": ({"evidence_period"}, {"under_review"}),
    "33": ({"under_review"}, {"mediation"}),
    "33b": ({"mediation"}, {"under_review"}),
    # An offer on the table is settled by accepting it (13).
    "34": ((NEGOTIATION | ARBITRATION) - {"offer_pending"}, AGREED),
    "34b": (ARBITRATION | {"ruled"}, AGREED),
    "35": ({"under_review"}, {"ruling_in_approval", "ruled"}),
    "36": ({"ruling_in_approval"}, {"ruled", "under_review"}),
    "37": ({"ruled", "executing", "inadmissible"}, {"under_appeal"}),
    "37b": ({"under_appeal"}, {"ruled", "executing", "inadmissible"}),
    "37c": ({"ruled"}, set()),
    "38": ({"under_appeal"}, {"ruled", "ruling_in_approval", "under_review", "inadmissible", "submitted"}),
    "39": ({"ruled"}, {"awaiting_return", "executing"}),
    "40": ({"executing"}, {"resolved"}),
    "41": ({"executing"}, {"referred_external"}),
    "42": ({"under_review"}, {"referred_external"}),
    "43": (UNRULED, {"withdrawn"}),
    "44": (STAYABLE | {"suspended"}, STAYABLE | {"suspended"}),
    "45": ({"resolved", "lapsed", "withdrawn", "referred_external"}, {"intervention_requested", "awaiting_seller"}),
    "46": (ARBITRATION | {"under_appeal"}, set()),
    "46b": (HEARING, HEARING),
    "47": ({"intervention_requested"}, set()),
    "47b": ({"intervention_requested"}, set()),
    "47c": ({"intervention_requested"}, set()),
    # A case that was ruled on is no duplicate any more.
    "48": (UNRULED, {"lapsed"}),
    "m1": (LIVE | CLOSED, set()),
    "m2": (LIVE | CLOSED, set()),
    "m3": (LIVE, set()),
    "m4": (LIVE | {"draft"}, set()),
    "m5": (CLOSED, set()),
    "m6": (LIVE | CLOSED | {"draft"}, set()),
    "u1": (LIVE, set()),
    "u2": (LIVE, set()),
    "u3": (LIVE, set()),
}
_STAYS = {(status, "suspended") for status in STAYABLE} | {("suspended", status) for status in STAYABLE}
EDGES: set[tuple[str, str]] = _STAYS.union(
    *(product(sources, targets) for number, (sources, targets) in ROWS.items() if number not in ("44", "46b"))
)
