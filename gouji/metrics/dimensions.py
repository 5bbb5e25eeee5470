"""What a metric can be grouped and filtered by, and the words that people have for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from gouji.errors import WrongCall
from gouji.near import near_it

TIME = "metric_time"
YEAR = "report_year"
WORDS_FOR_THE_YEAR = ("year", YEAR, "年", "年度", "报告年度")


@dataclass(frozen=True)
class Dimension:
    """A dimension as MetricFlow calls it, with the other words for it.

    `relation` and `expression` say where its values stand; the year has none.
    """

    name: str
    words: tuple[str, ...]
    is_entity: bool = False
    relation: str | None = None
    expression: str | None = None

    @property
    def in_a_condition(self) -> str:
        """What stands for it in a condition of MetricFlow's; the year as a number."""
        if self.name == TIME:
            return f"extract(year from {{{{ TimeDimension('{TIME}', 'year') }}}})"
        return f"{{{{ {'Entity' if self.is_entity else 'Dimension'}('{self.name}') }}}}"


def dimension_called(word: str, known: Sequence[Dimension], asked: str) -> Dimension:
    """Find the dimension that a word stands for: its name, the end of it, or a label.

    Args:
        word: what somebody wrote.
        known: the dimensions there are.
        asked: the metric that they are dimensions of, for the message.

    Raises:
        WrongCall: no dimension is called so, or several are.
    """
    for one in known:
        if word == one.name:
            return one
    called = [one for one in known if word.casefold() in map(str.casefold, one.words)]
    if len(called) > 1:
        names = " or ".join(one.name for one in called)
        raise WrongCall(f"{word} may be {names}: name the one that is meant.")
    if not called:
        words = [word for one in known for word in (one.name, *one.words)]
        raise WrongCall(
            f"{asked} has no dimension {word}{near_it(word, words)}."
            f" gouji metrics {asked} --dimensions lists them."
        )
    return called[0]
