"""Amounts of money on pages: one way to write them, in both languages."""

from decimal import Decimal, InvalidOperation

from django import template

register = template.Library()

_SIGNS = {"CNY": "¥", "": "¥"}
_HARD = "\N{NO-BREAK SPACE}"


@register.filter
def money(amount: object, currency: str = "CNY") -> str:
    """ "128.00" becomes "¥ 128.00", another currency "USD 128.00"; what is no amount stays as it is."""
    try:
        said = f"{Decimal(str(amount)):,.2f}"
    except (InvalidOperation, ValueError):
        return "" if amount is None else str(amount)
    return f"{_SIGNS.get(currency, currency)}{_HARD}{said}"


@register.filter
def is_money(amount: object) -> bool:
    """Whether there is something to pay: goods and words are agreed on without a sum, which is 0 then."""
    try:
        return Decimal(str(amount)) != 0
    except (InvalidOperation, ValueError):
        return False
