"""The site's own words, in both languages; the form's words come from the warehouse."""

from functools import cache
from importlib.resources import files
from typing import NamedTuple

import yaml
from markupsafe import Markup

from gouji.errors import ToolFailed
from gouji.findings.words import Language

LANGUAGES: tuple[Language, Language] = ("zh", "en")


class Words(NamedTuple):
    """A text in Chinese and in English, and the code that it stands for, if any."""

    zh: str
    en: str
    code: str = ""

    def __html__(self) -> str:
        """Give both texts; the page shows the one whose language is chosen."""
        if self.zh == self.en:
            return str(Markup("<span>{}</span>").format(self.zh))
        return str(
            Markup('<span lang="zh">{}</span><span lang="en">{}</span>').format(self.zh, self.en)
        )

    def of(self, language: Language) -> str:
        """Give the text in one language."""
        return self.zh if language == "zh" else self.en

    def filled(self, **values: object) -> "Words":
        """Put values in the place of `{names}`; of words, those of the language."""
        in_zh, in_en = (
            {
                name: value.of(language) if isinstance(value, Words) else value
                for name, value in values.items()
            }
            for language in LANGUAGES
        )
        return Words(self.zh.format(**in_zh), self.en.format(**in_en))


@cache
def _all_words() -> dict[str, Words]:
    found: dict[str, Words] = {}
    for file in files("gouji.site").joinpath("wording").iterdir():
        pairs = yaml.safe_load(file.read_text(encoding="utf-8"))
        twice = sorted(found.keys() & pairs.keys())
        if twice:
            raise ToolFailed(f"The site's words {', '.join(twice)} stand in two files.")
        found |= {key: Words(**pair) for key, pair in pairs.items()}
    return found


def words(key: str, **values: object) -> Words:
    """Give the words of a key in `wording/`, with values in the place of `{names}`.

    Raises:
        KeyError: there is no such key.
    """
    found = _all_words()[key]
    return found.filled(**values) if values else found


def both(zh: str | None, en: str | None, code: str = "") -> Words:
    """Give a label of the warehouse in both languages; one that is missing is as the other."""
    return Words(zh or en or "", en or zh or "", code)


def code_words(kind: str, code: str | None) -> Words:
    """Give the words of a code, such as `verdict.broken`; the code where `wording/` has none."""
    text = code or ""
    return (_all_words().get(f"{kind}.{code}") or Words(text, text))._replace(code=text)


def named(name: str, latin: str | None, code: str = "") -> Words:
    """Give a name; readers of English see its Latin letters before it, as these are no name."""
    return Words(name, f"{latin} {name}" if latin else name, code)


def same(value: object, code: str = "") -> Words:
    """Give what is written the same in both languages: a name, a year."""
    return Words(str(value), str(value), code)
