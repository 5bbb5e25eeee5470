"""What somebody may have meant who wrote a word that is not known."""

from collections.abc import Collection, Iterable
from difflib import get_close_matches

MATCHES = 3
# A word of two Chinese characters has one in common with what is meant, or none.
LEAST_LIKENESS = 0.4


def near(word: str, known: Iterable[str]) -> list[str]:
    """Give the known words that hold the word, shortest first, and then those most like it.

    Before them those of the same parts in another order: granted_share for share_granted.
    """
    words = sorted(set(known), key=lambda one: (len(one), one))
    turned = [one for one in words if sorted(one.split("_")) == sorted(word.split("_"))]
    holding = [one for one in words if word and word.casefold() in one.casefold()]
    like = get_close_matches(word, words, MATCHES, LEAST_LIKENESS)
    return list(dict.fromkeys([*turned, *holding, *like]))[:MATCHES]


def plain(word: str) -> str:
    """Write a word as names in Latin letters are looked for: small, luan for Lu'an, lu for lü."""
    return word.lower().replace("ü", "u").replace("'", "") or word


def near_it(word: str, known: Collection[str]) -> str:
    """Say what is near a word: `; near it are a, b`, or nothing where nothing is."""
    found = near(word, known)
    return f"; near it {'is' if len(found) == 1 else 'are'} {', '.join(found)}" if found else ""
