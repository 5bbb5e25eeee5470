"""Every metric, asked by way of MetricFlow, gives what the same question in plain SQL gives."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from gouji.errors import WrongCall
from gouji.metrics.ask import Metric, Metrics
from gouji.paths import Warehouse

HAN = re.compile(r"[一-鿿]")
REQUESTS, DISPUTES, ITEMS = "fct_requests", "fct_review_litigation", "fct_published_items"
OWN, CONSOLIDATED = "not is_consolidated", "is_consolidated"

ENDED = "result in ('upheld', 'corrected', 'other')"
DOCUMENTS = "line_code = 'normative_document'"

# What each metric adds up, in plain SQL: the table and the condition of its cells.
SUMS = {
    "new_requests": (REQUESTS, "line_code = 'new_requests'"),
    "requests_carried_in": (REQUESTS, "line_code = 'carried_in'"),
    "requests_in_hand": (REQUESTS, "line_code in ('new_requests', 'carried_in')"),
    "requests_processed": (REQUESTS, "stage = 'outcome'"),
    "requests_granted": (REQUESTS, "line_code = 'granted'"),
    "requests_partially_granted": (REQUESTS, "line_code = 'partially_granted'"),
    "requests_denied": (REQUESTS, "line_code like 'denied%'"),
    "requests_unavailable": (REQUESTS, "line_code like 'unavailable%'"),
    "requests_unprocessed": (REQUESTS, "line_code like 'unprocessed%'"),
    "requests_processed_otherwise": (REQUESTS, "line_code like 'other%'"),
    "requests_carried_over": (REQUESTS, "line_code = 'carried_out'"),
    "reviews": (DISPUTES, "channel = 'review'"),
    "reviews_concluded": (
        DISPUTES,
        f"channel = 'review' and {ENDED}",
    ),
    "reviews_corrected": (DISPUTES, "channel = 'review' and result = 'corrected'"),
    "lawsuits": (DISPUTES, "channel like 'litigation%'"),
    "lawsuits_concluded": (DISPUTES, f"channel like 'litigation%' and {ENDED}"),
    "lawsuits_lost": (DISPUTES, "channel like 'litigation%' and result = 'corrected'"),
    "normative_documents_made": (
        ITEMS,
        f"{DOCUMENTS} and measure_code = 'made'",
    ),
    "normative_documents_repealed": (ITEMS, f"{DOCUMENTS} and measure_code = 'repealed'"),
    "permit_decisions": (ITEMS, "line_code = 'permit' and measure_code = 'decisions'"),
    "penalty_decisions": (ITEMS, "line_code = 'penalty' and measure_code = 'decisions'"),
    "coercion_decisions": (ITEMS, "line_code = 'coercion' and measure_code = 'decisions'"),
    "fee_yuan": (ITEMS, "line_code = 'fee' and measure_code = 'amount'"),
}
# The stock of the last year that has one.
STOCK = "normative_documents_in_force"
STOCK_CELLS = f"{DOCUMENTS} and measure_code = 'in_force'"
COUNTS = {
    "received_cells_not_reported": (REQUESTS, "line_code = 'new_requests'"),
    "in_hand_cells_not_reported": (
        REQUESTS,
        "line_code in ('new_requests', 'carried_in', 'carried_out')",
    ),
    "outcome_cells_not_reported": (REQUESTS, "stage = 'outcome'"),
    "review_cells_not_reported": (DISPUTES, "channel = 'review'"),
    "lawsuit_cells_not_reported": (DISPUTES, "channel like 'litigation%'"),
    "item_cells_not_reported": (ITEMS, "true"),
}
DOUBTS = {
    "request_cells_doubtful": (REQUESTS, "true"),
    "dispute_cells_doubtful": (DISPUTES, "true"),
    "item_cells_doubtful": (ITEMS, "true"),
}
# What each metric of the calendar counts: its states.
CALENDAR = {
    "reports_expected": "state <> 'not_expected'",
    "reports_on_time": "state = 'on_time'",
    "reports_late": "state = 'late'",
    "reports_dated": "state in ('on_time', 'late')",
    "reports_undated": "state = 'undated'",
    "reports_not_landed": "state = 'not_landed'",
}
CALENDAR_SHARES = {
    "reports_on_time_share": ("reports_on_time", "reports_dated"),
    "reports_not_landed_share": ("reports_not_landed", "reports_expected"),
}
PROCESSED = SUMS["requests_processed"]
NEW = SUMS["new_requests"]
SHARES = {
    "granted_share": (SUMS["requests_granted"], PROCESSED),
    "partially_granted_share": (SUMS["requests_partially_granted"], PROCESSED),
    "disclosed_share": ((REQUESTS, "line_code in ('granted', 'partially_granted')"), PROCESSED),
    "denied_share": (SUMS["requests_denied"], PROCESSED),
    "unavailable_share": (SUMS["requests_unavailable"], PROCESSED),
    "unprocessed_share": (SUMS["requests_unprocessed"], PROCESSED),
    "other_processing_share": (SUMS["requests_processed_otherwise"], PROCESSED),
    "carried_over_share": (SUMS["requests_carried_over"], SUMS["requests_in_hand"]),
    "reviews_corrected_share": (SUMS["reviews_corrected"], SUMS["reviews_concluded"]),
    "lawsuits_lost_share": (SUMS["lawsuits_lost"], SUMS["lawsuits_concluded"]),
    "reviews_per_processed_request": (SUMS["reviews"], PROCESSED),
    "lawsuits_per_processed_request": (SUMS["lawsuits"], PROCESSED),
}
LINES_WITH_A_SHARE = re.compile("denied_|unavailable_")

# What is grouped by, for MetricFlow and in plain SQL.
GROUPS = {"": "'all'", "metric_time": "report_year", "agency__sector": "sector"}

Cells = tuple[str, str]


@pytest.fixture(scope="module")
def metrics(warehouse: Path) -> Metrics:
    return Metrics(warehouse, Warehouse(warehouse.parent).artifacts.semantic_manifest)


@pytest.fixture(scope="module")
def connection(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(warehouse), read_only=True) as opened:
        yield opened


def total(cells: Cells, scope: str, group: str, what: str = "sum(value)") -> str:
    fact, condition = cells
    return (
        f"select {group} as grouped, {what} as total"
        f" from marts.{fact} inner join marts.dim_agency as agency using (agency_id)"
        f" where {condition} and {fact}.{scope.replace('not ', '')} = {not scope.startswith('not')}"
        " group by all"
    )


def of_calendar(name: str, group: str) -> str:
    part, whole = CALENDAR_SHARES.get(name, (name, ""))
    share = f" / nullif(count_if({CALENDAR[whole]}), 0)" if whole else ""
    return (
        f"select {group} as grouped, count_if({CALENDAR[part]}){share} as total"
        " from marts.report_calendar inner join marts.dim_agency using (agency_id) group by all"
    )


def in_plain_sql(connection: duckdb.DuckDBPyConnection, metric: str, group: str) -> str:
    """The same question, written without MetricFlow."""
    scope = CONSOLIDATED if metric.endswith("_consolidated") else OWN
    name = metric.removesuffix("_consolidated")
    if name in SUMS:
        return total(SUMS[name], scope, group)
    if name in COUNTS:
        return total(COUNTS[name], scope, group, "count(*) - count(value)")
    if name in DOUBTS:
        return total(DOUBTS[name], scope, group, "count_if(is_doubtful)")
    if name in {*CALENDAR, *CALENDAR_SHARES}:
        return of_calendar(name, group)
    if name == STOCK:
        last = f"(select max(report_year) from marts.{ITEMS} where {STOCK_CELLS} and {OWN})"
        when = "true" if group == "report_year" else f"report_year = {last}"
        return total((ITEMS, f"{STOCK_CELLS} and {when}"), scope, group)
    if name in SHARES:
        numerator, denominator = SHARES[name]
    elif LINES_WITH_A_SHARE.match(name):
        numerator = (REQUESTS, f"line_code = '{name.removesuffix('_share')}'")
        denominator = PROCESSED
    else:
        applicant = name.removesuffix("_share")
        numerator = (REQUESTS, f"{NEW[1]} and applicant_type = '{applicant}'")
        denominator = NEW
    known = connection.execute(f"select count(*) from marts.{numerator[0]} where {numerator[1]}")
    assert known.fetchall() != [(0,)], f"{metric} is no metric that this test knows"
    return (
        f"select grouped, numerators.total / nullif(denominators.total, 0) as total"
        f" from ({total(numerator, scope, group)}) as numerators"
        f" full join ({total(denominator, scope, group)}) as denominators using (grouped)"
    )


def by_group(rows: list[tuple[Any, ...]]) -> dict[Any, float]:
    """The figures that are there, by group; a group without one counts as not there."""
    return {group: float(figure) for group, figure in rows if figure is not None}


@pytest.mark.parametrize("group", GROUPS)
def test_every_metric_is_what_plain_sql_says(
    metrics: Metrics, connection: duckdb.DuckDBPyConnection, group: str
) -> None:
    names = [metric.name for metric in metrics.all()]
    assert set(names) >= {*SUMS, *COUNTS, *DOUBTS, *SHARES, *CALENDAR, *CALENDAR_SHARES, STOCK}
    answer = metrics.ask(names, by=[group] if group else [])
    found = {
        name: by_group([(row[0] if group else "all", row[column]) for row in answer.rows])
        for column, name in enumerate(answer.columns)
        if name in names
    }
    assert found.keys() == set(names)
    for name in names:
        plain = connection.sql(in_plain_sql(connection, name, GROUPS[group])).fetchall()
        assert found[name] == pytest.approx(by_group(plain)), name
        assert found[name], f"{name} is empty everywhere, so nothing was compared"


def test_a_body_s_year_is_what_the_wide_table_says(
    metrics: Metrics, connection: duckdb.DuckDBPyConnection
) -> None:
    shares = {
        "granted_share": "granted_rate",
        "denied_share": "denied_rate",
        "unavailable_share": "unavailable_rate",
        "carried_over_share": "carried_out_rate",
        "reviews_corrected_share": "reviews_corrected_rate",
        "lawsuits_lost_share": "lawsuits_lost_rate",
    }
    answer = metrics.ask(list(shares), by=["metric_time", "agency"])
    columns = ", ".join(shares.values())
    wide = connection.sql(
        f"select report_year, agency_id, {columns} from marts.agency_year"
        " where not is_consolidated order by all"
    ).fetchall()
    assert sorted(row[:2] for row in answer.rows) == [row[:2] for row in wide]
    found = {row[:2]: row[2:] for row in answer.rows}
    assert answer.columns == ("metric_time__year", "agency", *shares)
    for row in wide:
        assert found[row[:2]] == pytest.approx(row[2:]), row


def test_filters_reach_the_cells(metrics: Metrics, connection: duckdb.DuckDBPyConnection) -> None:
    answer = metrics.ask(
        ["new_requests"],
        by=["applicant__label_zh"],
        where=["not {{ Dimension('request_cell__is_doubtful') }}"],
        order=["-new_requests"],
    )
    plain = connection.sql(
        "select label_zh, sum(value) as requests from marts.fct_requests"
        " inner join marts.dim_applicant_type using (applicant_type)"
        " where line_code = 'new_requests' and not is_consolidated and not is_doubtful"
        " group by all order by requests desc"
    ).fetchall()
    assert [row[1] for row in answer.rows] == [row[1] for row in plain]
    assert dict(answer.rows) == dict(plain)


@pytest.mark.parametrize(
    ("plain", "in_sql"),
    [
        ("province = '福建省'", "province = '福建省'"),
        ("机关层级 = 'county' or level = 'prefecture'", "level in ('county', 'prefecture')"),
        ("year between 2021 and 2023", "report_year between 2021 and 2023"),
        ("not (sector_zh in ('公安', '财政金融'))", "sector not in ('public_security', 'finance')"),
        ("not is_consistent", "not is_consistent"),
        ("not is_doubtful", "not is_doubtful"),
        ("request_cell__value_status = 'reported'", "value is not null"),
        ("agency = '350128-nongye'", "agency_id = '350128-nongye'"),
    ],
)
def test_a_plain_condition_reaches_the_cells(
    metrics: Metrics, connection: duckdb.DuckDBPyConnection, plain: str, in_sql: str
) -> None:
    answer = metrics.ask(["新收申请件数"], where=[plain])
    assert answer.columns == ("new_requests",)
    asked = total((REQUESTS, f"{NEW[1]} and {in_sql}"), OWN, "'all'")
    assert [row for (row,) in answer.rows] == [row for _, row in connection.sql(asked).fetchall()]
    assert answer.rows[0][0] != metrics.ask(["new_requests"]).rows[0][0] or "status" in plain


def test_each_rate_stands_beside_its_denominator_and_what_it_leaves_out(
    metrics: Metrics, connection: duckdb.DuckDBPyConnection
) -> None:
    names = [metric.name for metric in metrics.all()]
    rates = [metric for metric in metrics.all() if metric.denominator]
    assert len(rates) > 30
    assert [metric.name for metric in rates if metric.not_reported not in names] == []
    answer = metrics.ask(["予以公开率", "fee_yuan"], by=["年度"], in_full=True)
    beside = ("granted_share", "requests_processed", "outcome_cells_not_reported")
    assert answer.columns == ("metric_time__year", *beside, "fee_yuan")
    plain = connection.sql(
        "select report_year, sum(value) filter (line_code = 'granted') / sum(value),"
        " sum(value), count(*) - count(value) from marts.fct_requests"
        " where stage = 'outcome' and not is_consolidated group by all order by all"
    ).fetchall()
    assert [row[:4] for row in answer.rows] == [pytest.approx(row) for row in plain]


def test_each_count_of_a_body_stands_beside_the_most_that_it_can_be(
    metrics: Metrics, connection: duckdb.DuckDBPyConnection
) -> None:
    counts = [metric for metric in metrics.all() if metric.measure]
    own = [metric for metric in counts if not metric.name.endswith("_consolidated")]
    assert len(own) == 15
    names, of_body = [metric.name for metric in own], ["agency = '310000-bangongting'"]
    answer = metrics.ask(names, by=["year"], where=of_body, in_full=True)
    beside = [name for name in names for name in (name, f"{name}_at_most")]
    assert answer.columns == ("metric_time__year", *beside)
    sums = ", ".join(f"{metric.measure}, {metric.measure}_at_most" for metric in own)
    plain = connection.sql(
        f"select report_year, {sums} from marts.agency_year"
        f" inner join intermediate.int_sums_at_most using (report_id) where {of_body[0]}".replace(
            "agency =", "agency_id ="
        )
    ).fetchall()
    assert answer.rows == plain
    # of the blank channel of lawsuits nothing is known, of all else the printed totals
    assert [name for name, value in zip(answer.columns, plain[0], strict=True) if value is None]
    years = metrics.ask(["新收申请件数"], where=["agency = '350128-gongan'"], in_full=True)
    of_years = connection.sql(
        "select sum(new_requests), sum(new_requests_at_most) from marts.agency_year"
        " inner join intermediate.int_sums_at_most using (report_id)"
        " where agency_id = '350128-gongan'"
    ).fetchall()
    assert years.rows == of_years
    twice = metrics.ask(["new_requests", "新收申请件数"], where=of_body, in_full=True)
    assert twice.columns == ("new_requests", "new_requests_at_most")


@pytest.mark.parametrize(
    ("by", "where", "is_bounded"),
    [
        (["report"], ["layout = '2019'"], True),
        ([], ["not request_cell__is_consolidated"], True),
        ([], ["year = 1999"], True),
        (["year"], ["not is_doubtful"], False),
        (["applicant"], [], False),
        (["line__label_zh"], ["agency = '310000-bangongting'"], False),
    ],
)
def test_counts_of_whole_reports_alone_are_bounded(
    metrics: Metrics, by: list[str], where: list[str], *, is_bounded: bool
) -> None:
    answer = metrics.ask(["new_requests"], by, where, in_full=True)
    figures = answer.columns[len(by) :]
    assert figures == ("new_requests", "new_requests_at_most")[: 2 if is_bounded else 1]
    # what the real reports leave blank of these stands for 0
    assert all(len({*row[len(by) :]}) == 1 for row in answer.rows)


def test_dimensions_are_listed_with_their_words_and_values(
    metrics: Metrics, connection: duckdb.DuckDBPyConnection
) -> None:
    found = {one.name: one for one in metrics.dimensions(["granted_share"])}
    assert found["metric_time"].words[0] == "year"
    assert found["agency__province"].words == ("province", "省")
    provinces = connection.sql(
        "select distinct province from marts.dim_agency where province is not null order by 1"
    ).fetchall()
    assert metrics.values(found["agency__province"]) == [name for (name,) in provinces]
    # each is a group of its own, and what two metrics do not share is none
    for name in found:
        if not metrics.splits_the_whole("granted_share", name):
            metrics.ask(["granted_share"], by=[name])
    both = {one.name for one in metrics.dimensions(["granted_share", "lawsuits_lost_share"])}
    assert "agency__province" in both
    assert not any(name.startswith("request_cell") for name in both)


def test_every_metric_says_what_it_is_in_both_languages(metrics: Metrics) -> None:
    def lacks(metric: Metric) -> bool:
        text = metric.description
        languages = HAN.search(metric.label) and HAN.search(text.zh) and text.en.isascii()
        guard = "onsolidated" in text.en and "汇总报告" in text.zh
        is_told = metric.denominator is None or (
            f"Denominator: {metric.denominator}." in text.en
            and f"分母：{metric.denominator}。" in text.zh
        )
        return not (languages and guard and is_told)

    assert [metric.name for metric in metrics.all() if lacks(metric)] == []
    labels = [metric.label for metric in metrics.all()]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        ({"metrics": ["no_such_share"]}, "no metric no_such_share"),
        ({"metrics": ["grantd_share"]}, "no metric grantd_share; near it are granted_share"),
        ({"metrics": ["予以公开"]}, "near it are 予以公开率"),
        ({"metrics": ["granted_share"], "by": ["provinse"]}, "provinse; near it are province"),
        ({"metrics": ["granted_share"], "where": ["province = '福建'"]}, "near it is 福建省"),
        ({"metrics": ["granted_share"], "by": ["label_zh"]}, "label_zh may be applicant__label_zh"),
        ({"metrics": ["granted_share"], "by": ["no_such_dimension"]}, "no_such_dimension"),
        ({"metrics": ["granted_share"], "where": ["{{ nothing('x') }}"]}, "nothing"),
        ({"metrics": ["granted_share"], "where": ["no_such_column = 1"]}, "no_such_column"),
    ],
)
def test_a_wrong_question_is_said(metrics: Metrics, question: dict[str, Any], problem: str) -> None:
    with pytest.raises(WrongCall, match=problem) as said:
        metrics.ask(**question)
    assert "\n" not in str(said.value)


def test_the_command_lists_and_answers(gouji: Callable[..., Any], warehouse: Path) -> None:
    listed = gouji("metrics", "--warehouse", warehouse.parent)
    assert listed.returncode == 0, listed.stderr
    assert "granted_share" in listed.stdout
    assert "予以公开率" in listed.stdout
    asked = ["granted_share", "--by", "metric_time", "--json", "--warehouse", warehouse.parent]
    answered = gouji("metrics", *asked)
    assert answered.returncode == 0, answered.stderr
    years = [row["metric_time__year"] for row in json.loads(answered.stdout)]
    assert years == list(range(2019, 2026))
    shown = gouji("metrics", "granted_share", "--by", "year", "--warehouse", warehouse.parent)
    assert re.search(r"^ *2021 +45\.9% +61 +12$", shown.stdout, re.MULTILINE)
    written = ["新收申请件数", "fee_yuan", "--by", "year", "--format", "csv"]
    lines = gouji("metrics", *written, "--warehouse", warehouse.parent).stdout.splitlines()
    assert lines[0] == "metric_time__year,new_requests,new_requests_at_most,fee_yuan"
    assert re.fullmatch(r"2019,(\d+),\1,", lines[1])
    assert re.fullmatch(r"2024,\d+,\d+,186510641\.04", lines[6])
    told = gouji("metrics", "granted_share", "--dimensions", "--warehouse", warehouse.parent)
    assert re.search(r"agency__province +province, 省 +.*福建省", told.stdout)
    wrong = gouji("metrics", "no_such_share", "--warehouse", warehouse.parent)
    assert wrong.returncode == 2
    assert len(wrong.stderr.splitlines()) == 1


# The columns of cells that a share may be asked by, for MetricFlow and in the fact.
COLUMNS_OF_CELLS = {
    REQUESTS: {
        "line": "line_code",
        "line__label_zh": "line_code",
        "request_cell__line_code": "line_code",
        "request_cell__stage": "stage",
        "request_cell__outcome_group": "outcome_group",
        "applicant": "applicant_type",
        "applicant__label_en": "applicant_type",
        "request_cell__applicant_type": "applicant_type",
        "request_cell__value_status": "value_status",
    },
    DISPUTES: {
        "dispute_cell__channel": "channel",
        "dispute_cell__result": "result",
        "dispute_cell__value_status": "value_status",
    },
}


def sides_of(metric: str) -> tuple[Cells, Cells]:
    name = metric.removesuffix("_consolidated")
    if name in SHARES:
        return SHARES[name]
    if LINES_WITH_A_SHARE.match(name):
        return (REQUESTS, f"line_code = '{name.removesuffix('_share')}'"), PROCESSED
    return (REQUESTS, f"{NEW[1]} and applicant_type = '{name.removesuffix('_share')}'"), NEW


def test_a_share_is_not_asked_of_the_parts_of_its_whole(
    metrics: Metrics, connection: duckdb.DuckDBPyConnection
) -> None:
    """A dimension is refused where no group of it has both the part and something else."""
    for metric in metrics.all():
        if metric.denominator is None or metric.name in CALENDAR_SHARES:
            continue  # the calendar is asked by year and body alone
        part, whole = sides_of(metric.name)
        if part[0] != whole[0]:
            continue  # cells of two facts share the dimensions of reports only
        for dimension, column in COLUMNS_OF_CELLS[part[0]].items():
            is_cut = connection.execute(
                f"""
                select bool_and(parts = 0 or parts = wholes or wholes = 0)
                from (
                    select
                        count_if({part[1]}) as parts, count_if({whole[1]}) as wholes
                    from marts.{part[0]}
                    where {column} is not null and (({part[1]}) or ({whole[1]}))
                    group by {column}
                )
                """
            ).fetchall()[0][0]
            if is_cut is None:
                continue  # none of these cells has it: what is received has no outcome
            splits = metrics.splits_the_whole(metric.name, dimension)
            # stage and group say so little beside the line that they are refused where it is
            is_coarse = column in ("stage", "outcome_group")
            assert splits is is_cut or (splits and is_coarse), (metric.name, dimension)


@pytest.mark.parametrize(
    ("metric", "by", "where"),
    [
        ("denied_share", ["line"], []),
        ("denied_share", [], ["{{ Dimension('request_cell__line_code') }} = 'denied_third_party'"]),
        ("natural_person_share", ["metric_time", "applicant"], []),
    ],
)
def test_the_refusal_says_what_to_ask_instead(
    metrics: Metrics, metric: str, by: list[str], where: list[str]
) -> None:
    with pytest.raises(WrongCall, match=r"would be no share.* Ask for \w+ by .* without it"):
        metrics.ask([metric], by=by, where=where)


def test_a_share_within_each_kind_of_applicant_is_answered(metrics: Metrics) -> None:
    answer = metrics.ask(["denied_share"], by=["request_cell__applicant_type"])
    assert any(0 < share < 1 for _, share in answer.rows if share is not None)
