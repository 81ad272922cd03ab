"""Folding typed text: the same characters, however a keyboard, a phone or a copied page writes them."""

from __future__ import annotations

import re
import unicodedata

_DASHES = dict.fromkeys("‐‑‒–—―−﹘﹣－", "-")
_QUOTES = dict.fromkeys("‘’‚‛ʼ′`´", "'") | dict.fromkeys("“”„‟″", '"')
_VARIANT = re.compile(f"[{re.escape(''.join(_DASHES | _QUOTES))}]|[^\\D0-9]")  # or a decimal digit of another script: ٣
# Characters nobody sees: zero-width spaces and joiners, soft hyphens, byte order marks, direction marks, variation selectors.
_INVISIBLE = re.compile(r"[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")


def fold(text: str) -> str:
    """Return `text` with plain blanks, hyphens, quotes and digits, and without invisible characters.

    It keeps case and accents. It's meant for values that are read, not for text that's saved.
    """
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    return " ".join(_VARIANT.sub(_plain, text).split())


def _plain(variant: re.Match[str]) -> str:
    character = variant[0]
    return _DASHES.get(character) or _QUOTES.get(character) or str(unicodedata.decimal(character))


def without_accents(text: str) -> str:
    """Fold `text` to lower case without accents: “São Paulo” and “Sao Paulo” are the same place."""
    decomposed = unicodedata.normalize("NFKD", fold(text).translate(_LETTERS))
    return "".join(character for character in decomposed if not unicodedata.combining(character)).casefold()


# Letters that don't decompose into a base letter and an accent.
_LETTERS = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "æ": "ae", "œ": "oe"})
