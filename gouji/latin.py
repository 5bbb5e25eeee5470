"""Names of regions in Latin letters: pinyin, and what that does not know as data.

    python -m gouji.latin

writes `seeds/reference/region_latin_names.csv` anew, from `regions.csv` and `latin_words.csv`:
every region above townships, whose many thousand names nobody could look over. The kinds of words
in `latin_words.csv`:

- `generic` ends a name and is translated: 县 is County;
- `people` stands before an autonomous generic: 回族 is Hui;
- `name` has an English name of its own, without its generic: 陕西 is Shaanxi;
- `reading` is read otherwise in names of places than elsewhere: 长 is chang, not zhang.

A name of one character keeps its generic, as maps of China have it: 叶县 is Yexian County.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pypinyin import lazy_pinyin

SEEDS = Path("seeds") / "reference"
AUTONOMOUS, CITY = "自治", "市"
VOWELS = "aoeāáǎàōóǒòēéěè"


@dataclass(frozen=True)
class LatinWords:
    """Words of `latin_words.csv` by kind, each with its Latin letters."""

    generics: Mapping[str, str]
    peoples: Mapping[str, str]
    names: Mapping[str, str]
    readings: Mapping[str, str]


@dataclass(frozen=True)
class LatinName:
    """A name in Latin letters; transliterated, where it has no English name of its own."""

    text: str
    is_transliterated: bool


def read_words(reference: Path) -> LatinWords:
    """Read the words of `latin_words.csv` in the folder of the reference seeds."""
    kinds: dict[str, dict[str, str]] = {"generic": {}, "people": {}, "name": {}, "reading": {}}
    with (reference / "latin_words.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            kinds[row["word_kind"]][row["word"]] = row["latin"]
    return LatinWords(kinds["generic"], kinds["people"], kinds["name"], kinds["reading"])


def latin_name(name: str, words: LatinWords) -> LatinName:
    """Write the name of a region in Latin letters: what it is called, then what it is."""
    if name in words.names:
        return LatinName(words.names[name], is_transliterated=False)
    generic = _generic(name, words)
    called = name.removesuffix(generic)
    peoples: list[str] = []
    while generic.startswith(AUTONOMOUS) and called not in words.names:
        people = _ending(called, words.peoples)
        if not people:
            break
        called = called.removesuffix(people)
        peoples.insert(0, words.peoples[people])
    own = words.names.get(called)
    parts = [
        own or _spelt(called + generic[:1] if len(called) == 1 else called, words),
        _listed(peoples),
        words.generics.get(generic, ""),
    ]
    return LatinName(" ".join(filter(None, parts)), is_transliterated=own is None)


def _generic(name: str, words: LatinWords) -> str:
    """Give the longest generic that ends a name and leaves what could be its own name."""
    return max(
        (
            generic
            for generic in words.generics
            if name.endswith(generic) and len(name) - len(generic) >= min(len(generic), 2)
        ),
        key=len,
        default="",
    )


def _ending(name: str, known: Mapping[str, str]) -> str:
    return max((word for word in known if name.endswith(word)), key=len, default="")


def _listed(names: Sequence[str]) -> str:
    """Put names in a row: A, B and C."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _spelt(text: str, words: LatinWords) -> str:
    """Spell a text as one word; as two, where a city stands before one of its zones."""
    city, _, zone = text.partition(CITY)
    if len(city) > 1 and zone:
        return f"{_spelt(city, words)} {_spelt(zone, words)}"
    syllables = _syllables(text, words)
    spelt = "".join(
        f"'{syllable}" if place and syllable[0] in VOWELS else syllable
        for place, syllable in enumerate(syllables)
    )
    return spelt[:1].upper() + spelt[1:]


def _syllables(text: str, words: LatinWords) -> list[str]:
    """Read a text: words of `readings` as they say, the longest first, the rest by pypinyin."""
    if not text:
        return []
    known = sorted((word for word in words.readings if word in text), key=len)
    if not known:
        return list(lazy_pinyin(text, v_to_u=True))
    before, word, after = text.partition(known[-1])
    read = words.readings[word].split()
    return [*_syllables(before, words), *read, *_syllables(after, words)]


def write_names(reference: Path) -> int:
    """Write `region_latin_names.csv` beside the seeds that it is made from; give its rows."""
    rows = list(region_names(reference))
    with (reference / "region_latin_names.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("region_code", "name_latin", "is_transliterated"))
        writer.writerows(rows)
    return len(rows)


def region_names(reference: Path) -> list[tuple[str, str, str]]:
    """Give the rows of `region_latin_names.csv` as they are due."""
    words = read_words(reference)
    with (reference / "regions.csv").open(encoding="utf-8", newline="") as file:
        regions = [row for row in csv.DictReader(file) if row["region_level"] != "township"]
    names = ((row["region_code"], latin_name(row["region_name"], words)) for row in regions)
    return [(code, name.text, str(name.is_transliterated).lower()) for code, name in names]


if __name__ == "__main__":
    write_names(SEEDS)
