"""Human case numbers: nine random symbols and a check symbol, as in `7K3MH-9QXT2`.

31 symbols without I, L, O, U and B, so that nothing is misread on the phone: 31^9 is 44.6 bits, too many to guess.
31 is a prime, so the weighted sum finds every single wrong symbol and every pair of swapped ones.
"""

import secrets

ALPHABET = "0123456789ACDEFGHJKMNPQRSTVWXYZ"
_RANDOM_SYMBOLS = 9
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "B": "8", "U": "V"})


def make() -> str:
    """A new reference. Uniqueness is the database's to hold."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(_RANDOM_SYMBOLS))
    return _shown(body + _check(body))


def parse(typed: str) -> str | None:
    """The reference a person typed, in its written form; None if the check symbol does not fit."""
    symbols = "".join(typed.upper().split()).replace("-", "").translate(_MISREAD)
    if len(symbols) != _RANDOM_SYMBOLS + 1 or any(symbol not in ALPHABET for symbol in symbols):
        return None
    return _shown(symbols) if _check(symbols[:-1]) == symbols[-1] else None


def _check(body: str) -> str:
    return ALPHABET[sum((place + 1) * ALPHABET.index(symbol) for place, symbol in enumerate(body)) % len(ALPHABET)]


def _shown(symbols: str) -> str:
    return f"{symbols[:5]}-{symbols[5:]}"
