"""The cells of the tables and of the prose in long form: what each printed text means."""

import numpy as np
import pandas as pd

from benchmarks.with_pandas.source import APPLICANTS, CELL, LINE, RESULTS, STATUS, Source

MINUSES = "\uff0d\ufe63\u2212\u2010\u2011\u2012\u2013"
SPACES = "\u3000\u00a0\u2002\u2003\t\r\n"
UNSEEN = (
    "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2060\u2061\u2062\u2063\u2064"
    "\u2066\u2067\u2068\u2069\ufeff\u2006\u2008\u2009\u200a\u202f"
)
PLAIN = str.maketrans(
    "０１２３４５６７８９．，＋（）／" + MINUSES + SPACES,
    "0123456789.,+()/" + "-" * len(MINUSES) + " " * len(SPACES),
    UNSEEN,
)
NUMERALS = "零〇一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟"
IN_PLAIN_NUMERALS = str.maketrans("〇两壹贰叁肆伍陆柒捌玖拾佰仟", "零二一二三四五六七八九十百千")
DIGITS = r"(?:0|[1-9][0-9]{0,14}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,4})(?:\.[0-9]{1,8})?"
COUNTS_BELOW = 2.0**63


def read_cells(source: Source, revisions: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Every cell of the current reports, by table.

    Beside the tables and the prose stand `subtotals`, the rows of table 三 that nothing is added
    to, and `corrected`.
    """
    raw = {
        "requests": source.landed("raw_requests"),
        "reviews": source.landed("raw_reviews").rename(columns={"channel": "line_code"}),
        "disclosures": source.landed("raw_disclosures").rename(
            columns={"measure_code": "column_code"}
        ),
        "narrative": source.landed("raw_narrative_figures").rename(
            columns={"figure_code": "line_code"}
        ),
    }
    raw = {table: source.shorten(rows) for table, rows in raw.items()}
    corrections = source.shorten(source.stewardship("corrections"))
    texts = [
        raw["disclosures"]["printed"],
        raw["narrative"]["printed"],
        corrections["corrected"],
        *(raw["requests"][column].drop_duplicates() for column in APPLICANTS),
        *(raw["reviews"][column].drop_duplicates() for column in RESULTS),
    ]
    numbers = read_numbers(pd.concat(texts), source)
    reports = revisions[revisions["is_current"]]
    now = {
        table: rows[rows["report_id"].isin(reports["report_id"])].reset_index(drop=True)
        for table, rows in raw.items()
    }
    requests, subtotals = request_cells(now["requests"], reports, numbers, source)
    return {
        "requests": requests,
        "subtotals": subtotals,
        "reviews": review_cells(now["reviews"], reports, numbers, source),
        "disclosures": disclosure_cells(now["disclosures"], reports, numbers, source),
        "narrative": narrative_cells(now["narrative"], numbers, source),
        "corrected": corrected_cells(corrections, revisions, numbers, source),
    }


def read_numbers(texts: pd.Series, source: Source) -> pd.DataFrame:
    """What each distinct text means as a count, a change, an amount: value and status of each."""
    words = {
        part: rows.set_index("word").astype({"factor": "int64"})
        for part, rows in source.reference("printed_words").groupby("part")
    }
    printed = pd.Series(texts.dropna().unique(), name="printed", dtype="str")
    plain = printed.str.translate(PLAIN).str.strip(" ")
    is_in_brackets = plain.str.startswith("(") & plain.str.endswith(")")
    remarked = plain.str.extract(r"^([^()]+)\((.*)\)$")
    remark = remarked[1].mask(remarked[1] == "")
    bracketed = plain.str.extract(r"^\(([^()]*)\)$")[0]
    text = bracketed.fillna(remarked[0]).str.strip(" ").fillna(plain)
    text = in_digits(text)
    parts = text.str.extract(r"^([^0-9.,]*)([0-9][0-9.,]*)([^0-9.,]*)$")
    prefix, suffix = parts[0].str.strip(" "), parts[2].str.strip(" ")
    digits = parts[1].where(parts[1].fillna("").str.fullmatch(DIGITS))

    whole = plain.str.lower().map(words["whole"]["meaning"].rename(str.lower))
    before = prefix.map(words["prefix"]["meaning"]).fillna("sign")
    sign = prefix.map(words["prefix"]["factor"]).fillna(1)
    unit = suffix.mask(suffix == "").fillna(remark)
    unit_meaning = unit.map(words["suffix"]["meaning"])
    factor = unit.map(words["suffix"]["factor"])
    is_number = (
        digits.notna()
        & ((prefix == "") | prefix.isin(words["prefix"].index))
        & ((suffix == "") | suffix.isin(words["suffix"].index))
    )
    meaning = (
        pd.Series("unreadable", printed.index)
        .mask(is_number, "reported")
        .mask(whole.notna(), whole.replace("zero", "reported"))
        .mask(plain == "", "blank")
    )
    number = digits.str.replace(",", "").astype("float64") * sign
    number = number.where(is_number & whole.isna()).mask(whole == "zero", 0)
    count = number * factor.fillna(1)
    is_count = (
        (number % 1 == 0)
        & (unit_meaning.isna() | unit_meaning.isin(["count_unit", "scale"]))
        & (count.abs() < COUNTS_BELOW)
    )
    is_amount = unit_meaning.isna() | unit_meaning.isin(["scale", "money_unit"])
    numbers = pd.DataFrame(
        {
            "factor": factor,
            "printed_unit": unit.map(words["suffix"]["unit"]),
            "remark": remark,
            "count_value": count.where(is_count & (before == "sign")),
            # for accountants (5) is -5
            "change_value": count.where(
                is_count & before.isin(["sign", "change_word"]) & ~is_in_brackets
            ),
            "amount_value": number.where(is_amount & before.isin(["sign", "money_unit"])),
        }
    )
    for kind in ("count", "change", "amount"):
        is_read = (meaning != "reported") | numbers[f"{kind}_value"].notna()
        numbers[f"{kind}_status"] = meaning.where(is_read, "unreadable").astype(STATUS)
    return numbers.set_index(printed)


def in_digits(texts: pd.Series) -> pd.Series:
    """Texts with the one run of Chinese numerals that they have in digits: 十二件 is 12件."""
    numbers = spelt_numbers()
    parts = texts.str.extract(f"^([^0-9{NUMERALS}]*)([{NUMERALS}]+)([^0-9{NUMERALS}]*)$")
    number = parts[1].str.translate(IN_PLAIN_NUMERALS).map(numbers)
    return (parts[0] + number + parts[2]).fillna(texts)


def spelt_numbers() -> dict[str, str]:
    """The Chinese numerals below ten thousand in digits, 15 as 十五 and as 一十五."""
    ones = {digit: n for n, digit in enumerate("一二三四五六七八九", start=1)}
    none = {"": 0}

    def spelt(place: str, factor: int, *rests: dict[str, int]) -> dict[str, int]:
        return {
            f"{digit}{place}{rest}": factor * n + add
            for digit, n in ones.items()
            for rests_of in rests
            for rest, add in rests_of.items()
        }

    def after_zero(numbers: dict[str, int]) -> dict[str, int]:
        return {f"零{rest}": n for rest, n in numbers.items()}

    tens = spelt("十", 10, none, ones)
    tens |= {text.removeprefix("一"): n for text, n in tens.items()}
    hundreds = spelt("百", 100, none, after_zero(ones), tens)
    thousands = spelt("千", 1000, none, after_zero(ones | tens), tens, hundreds)
    return {text: str(n) for text, n in ({"零": 0} | ones | tens | hundreds | thousands).items()}


def read_counts(cells: pd.DataFrame, numbers: pd.DataFrame, source: Source) -> pd.DataFrame:
    """Cells that hold counts, with value and status in place of the printed text."""
    printed = cells["printed"].astype("category")
    read = cells[CELL].assign(
        value=printed.map(numbers["count_value"]).astype("float64"),
        status=printed.map(numbers["count_status"]).astype(STATUS).fillna("blank"),
    )
    return source.shorten(read)


def melt(rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """One row for each cell, with its printed text."""
    return rows.melt(LINE, columns, "column_code", "printed")


def request_cells(
    requests: pd.DataFrame,
    reports: pd.DataFrame,
    numbers: pd.DataFrame,
    source: Source,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Table 三 in long form, and apart from it its subtotals.

    A line that a report leaves out is `absent`, unless the line that it is a part of is printed, or
    a part of it.
    """
    lines = source.reference("form_lines").query("form_table == 'requests'")
    leaves = lines.loc[lines["line_kind"] == "leaf", "line_code"]
    parts = lines.loc[lines["parent_line_code"].isin(leaves), ["line_code", "parent_line_code"]]
    parts = parts.drop_duplicates().set_axis(["part", "whole"], axis="columns")
    parts = source.shorten(parts)

    printed = requests[LINE]
    in_parts = printed.merge(parts, left_on="line_code", right_on="part")[["report_id", "whole"]]
    in_parts = in_parts.drop_duplicates().set_axis(LINE, axis="columns")
    in_whole = printed.merge(parts, left_on="line_code", right_on="whole")[["report_id", "part"]]
    answered = pd.concat([printed, in_parts, in_whole.set_axis(LINE, axis="columns")])
    due = lines.loc[lines["is_variant"] == "false", ["layout", "line_code"]]
    absent = absent_cells(due, reports, answered.drop_duplicates(), APPLICANTS, source)

    is_subtotal = printed.merge(in_parts, "left", on=LINE, indicator=True)["_merge"] == "both"
    cells = read_counts(melt(requests[~is_subtotal], APPLICANTS), numbers, source)
    subtotals = read_counts(melt(requests[is_subtotal], APPLICANTS), numbers, source)
    return pd.concat([cells, absent], ignore_index=True), subtotals


def review_cells(
    reviews: pd.DataFrame,
    reports: pd.DataFrame,
    numbers: pd.DataFrame,
    source: Source,
) -> pd.DataFrame:
    """Table 四 in long form; channels that a report leaves out are `absent`."""
    lines = source.reference("form_lines").query("form_table == 'reviews'")
    absent = absent_cells(lines[["layout", "line_code"]], reports, reviews[LINE], RESULTS, source)
    return pd.concat([read_counts(melt(reviews, RESULTS), numbers, source), absent])


def absent_cells(
    due: pd.DataFrame,
    reports: pd.DataFrame,
    answered: pd.DataFrame,
    columns: list[str],
    source: Source,
) -> pd.DataFrame:
    """The cells of lines that a layout has and a report does not answer for."""
    lines = reports[["report_id", "layout"]].merge(source.shorten(due), on="layout")
    lines = lines.merge(answered, "left", on=LINE, indicator=True)
    missing = lines.loc[lines["_merge"] == "left_only", LINE]
    cells = missing.merge(pd.DataFrame({"column_code": columns}), how="cross")
    return source.shorten(cells.assign(value=float("nan"), status="absent"))


def disclosure_cells(
    disclosures: pd.DataFrame,
    reports: pd.DataFrame,
    numbers: pd.DataFrame,
    source: Source,
) -> pd.DataFrame:
    """Table 二; money in yuan, cells that a report leaves out are `absent`."""
    layouts = reports[["report_id", "layout"]]
    printed = disclosures.merge(layouts, on="report_id")
    printed = read_measures(printed, numbers, source)
    due = source.reference("form_cells").rename(columns={"measure_code": "column_code"})
    due = layouts.merge(source.shorten(due), on="layout")
    due = due.merge(printed[CELL], "left", on=CELL, indicator=True)
    absent = due.loc[due["_merge"] == "left_only", CELL].assign(status="absent")
    return pd.concat([printed, source.shorten(absent)], ignore_index=True)


def read_measures(cells: pd.DataFrame, numbers: pd.DataFrame, source: Source) -> pd.DataFrame:
    """What printed texts mean in table 二: a count, a change, or an amount in yuan.

    Cells whose column is no measure hold counts.
    """
    measures = source.reference("measures").rename(columns={"measure_code": "column_code"})
    words = source.reference("printed_words").query("part == 'suffix'").set_index("word")
    measures["form_factor"] = measures["form_unit"].map(words["factor"]).astype("float64")
    measures = source.shorten(measures[["layout", "column_code", "kind", "form_factor"]])
    cells = cells.merge(measures, "left", on=["layout", "column_code"]).merge(
        numbers, "left", left_on="printed", right_index=True
    )
    is_change, is_amount = cells["kind"] == "change", cells["kind"] == "amount"
    amount = half_up(cells["amount_value"] * cells["factor"].fillna(cells["form_factor"]))
    return cells[[*CELL, "printed_unit", "remark"]].assign(
        value=cells["count_value"].mask(is_change, cells["change_value"]).mask(is_amount, amount),
        status=cells["count_status"]
        .mask(is_change, cells["change_status"])
        .mask(is_amount, cells["amount_status"])
        .fillna("blank"),
    )


def half_up(amounts: pd.Series) -> pd.Series:
    """Round to four places as decimals are: a half away from zero, or what is as near as that."""
    return np.sign(amounts) * np.floor(np.abs(amounts) * 10_000 + 0.500001) / 10_000


def narrative_cells(figures: pd.DataFrame, numbers: pd.DataFrame, source: Source) -> pd.DataFrame:
    """The figures of the prose, one row each; stated twice and differently is `contradictory`."""
    zeros = source.reference("printed_words").query("part == 'statement'")["word"]
    read = figures.merge(numbers, "left", left_on="printed", right_index=True)
    amount = read["amount_value"] * read["factor"].fillna(1)
    read["value"] = read["count_value"].fillna(amount).mask(read["printed"].isin(zeros), 0)
    grouped = read.groupby(LINE, observed=True)["value"]
    stated = grouped.agg(["min", "max", "count", "size"]).reset_index()
    stated["status"] = "reported"
    stated.loc[stated["min"] != stated["max"], "status"] = "contradictory"
    stated.loc[stated["count"] < stated["size"], "status"] = "unreadable"
    stated["value"] = stated["min"].where(stated["status"] == "reported")
    return source.shorten(stated.assign(column_code="stated")[[*CELL, "value", "status"]])


def as_corrected(cells: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The cells with the stewards' numbers; what is not in a document stays `absent`."""

    def table(name: str, rows: pd.DataFrame) -> pd.DataFrame:
        corrected = cells["corrected"]
        of_table = corrected["form_table"] == ("requests" if name == "subtotals" else name)
        rows = rows.merge(corrected.loc[of_table, [*CELL, "corrected"]], "left", on=CELL)
        is_corrected = rows["corrected"].notna()
        value = rows["value"].mask(is_corrected, rows["corrected"])
        status = rows["status"].mask(is_corrected & (rows["status"] != "absent"), "reported")
        return rows.assign(value=value, status=status).drop(columns="corrected")

    return {name: table(name, rows) for name, rows in cells.items() if name != "corrected"}


def corrected_cells(
    corrections: pd.DataFrame,
    revisions: pd.DataFrame,
    numbers: pd.DataFrame,
    source: Source,
) -> pd.DataFrame:
    """The cells that stewards corrected, each with the number that the corrected text means."""
    corrections = corrections.drop(columns="printed").rename(columns={"corrected": "printed"})
    corrections = corrections.drop_duplicates([*CELL, "form_table"])
    found = corrections.merge(revisions[["report_id", "layout"]], on="report_id")
    read = read_measures(found, numbers, source)
    return read[CELL].assign(corrected=read["value"], form_table=found["form_table"])
