"""Plain conditions on dimensions, and words that are nearly right."""

import pytest

from gouji.errors import WrongCall
from gouji.metrics.conditions import condition
from gouji.metrics.dimensions import Dimension, dimension_called
from gouji.near import near

DIMENSIONS = [
    Dimension("metric_time", ("year", "年度")),
    Dimension("agency__province", ("province", "省")),
    Dimension("agency", (), is_entity=True),
    Dimension("cell__is_consistent", ("is_consistent",)),
    Dimension("line__label_zh", ("label_zh", "行名称")),
    Dimension("applicant__label_zh", ("label_zh",)),
]
PROVINCE = "{{ Dimension('agency__province') }}"
YEAR = "extract(year from {{ TimeDimension('metric_time', 'year') }})"


def called(word: str) -> Dimension:
    return dimension_called(word, DIMENSIONS, "share")


@pytest.mark.parametrize(
    ("plain", "template"),
    [
        ("province = '福建省'", f"({PROVINCE} = '福建省')"),
        ("省 = '福建省'", f"({PROVINCE} = '福建省')"),
        ("agency__province = '福建省'", f"({PROVINCE} = '福建省')"),
        ("agency.province = '福建省'", f"({PROVINCE} = '福建省')"),
        ("year >= 2021 or 年度 = 2019", f"({YEAR} >= 2021 OR {YEAR} = 2019)"),
        ("is_consistent", "({{ Dimension('cell__is_consistent') }})"),
        ("not is_consistent", "(NOT {{ Dimension('cell__is_consistent') }})"),
        ("agency = 'a'", "({{ Entity('agency') }} = 'a')"),
        ("province in ('year', 'x')", f"({PROVINCE} IN ('year', 'x'))"),
        (f"{PROVINCE} = 'x'", f"{PROVINCE} = 'x'"),
    ],
)
def test_a_plain_condition_is_metricflow_s(plain: str, template: str) -> None:
    assert condition(plain, called).template == template


def test_what_is_compared_with_text_is_known() -> None:
    found = condition("province = 'a' and (province in ('b', 'c') or year = 2021)", called)
    assert {(dimension.name, text) for dimension, text in found.compared} == {
        ("agency__province", "a"),
        ("agency__province", "b"),
        ("agency__province", "c"),
    }


@pytest.mark.parametrize(
    ("plain", "problem"),
    [
        ("provinse = 'x'", r"no dimension provinse; near it .*province"),
        ('province = "福建省"', r"single quotes: '福建省'"),
        ("province = 福建省", r"single quotes: '福建省'"),
        ("label_zh = 'x'", r"label_zh may be line__label_zh or applicant__label_zh"),
        ("province =", "no condition"),
        ("province = 'a'; drop table x", "no condition"),
        ("province in (select 1)", "no condition"),
        ("select 1", "no condition"),
        ("drop table x", "no condition"),
        ("1", "no condition"),
        ("", "no condition"),
    ],
)
def test_a_wrong_condition_is_said(plain: str, problem: str) -> None:
    with pytest.raises(WrongCall, match=problem):
        condition(plain, called)


def test_near_words_hold_the_word_or_are_like_it() -> None:
    assert near("granted", ["granted_share", "denied_share", "x"])[0] == "granted_share"
    assert near("share_granted", ["requests_granted", "granted_share"])[0] == "granted_share"
    assert near("grantd_share", ["granted_share", "fee_yuan"]) == ["granted_share"]
    assert near("福建", ["上海市", "福建省"]) == ["福建省"]
    assert near("qqq", ["上海市", "福建省"]) == []
    assert near("", ["上海市"]) == []
