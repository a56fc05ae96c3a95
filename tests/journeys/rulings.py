"""Rulings as their authors send them."""

from typing import Any


def for_the_buyer(**changes: Any) -> dict[str, Any]:
    """Everything that was paid comes back, without a return."""
    return {
        "outcome": "buyer_favour", "reason": "defect_proven", "facts": "开箱视频显示杯口破损。",
        "reasoning": "签收时即已破损,责任在商家。", "citations": ["cpl-24"], "liability": {"seller": 100},
        "remedies": [{"remedy": "refund_only", "amount": "110.00"}], **changes,
    }  # fmt: skip


def for_the_seller(**changes: Any) -> dict[str, Any]:
    """Nothing is owed."""
    return for_the_buyer(**{
        "outcome": "seller_favour", "reason": "defect_not_proven", "facts": "发货时完好,签收后三日才提出。",
        "reasoning": "无法证明签收时已破损。", "liability": {"consumer": 100}, "remedies": [], **changes,
    })  # fmt: skip
