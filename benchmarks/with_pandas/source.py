"""What is read: the landing folder and the seeds, their names as categories that frames share."""

from pathlib import Path

import pandas as pd

from gouji.raw_tables import APPLICANT_COLUMNS, RESULT_COLUMNS

SEEDS = Path(__file__).parents[2] / "seeds"
APPLICANTS = list(APPLICANT_COLUMNS)
RESULTS = list(RESULT_COLUMNS)
# In the order in which reasons name them.
STATUSES = "absent blank contradictory not_applicable reported unreadable"
STATUS = pd.CategoricalDtype(STATUSES.split(), ordered=True)
LINE = ["report_id", "line_code"]
CELL = [*LINE, "column_code"]


class Source:
    """The landing folder and the seeds; names that stand in millions of rows become categories."""

    def __init__(self, landing: Path, seeds: Path = SEEDS) -> None:
        self.landing = landing
        self.seeds = seeds
        report = pd.CategoricalDtype(self.landed("raw_reports")["report_id"])
        codes = [
            *self.reference("form_lines")["line_code"],
            *self.reference("figures")["figure_code"],
            *self.reference("measures")["measure_code"],
            *APPLICANTS,
            *RESULTS,
            *("stated", "all"),
        ]
        code = pd.CategoricalDtype(list(dict.fromkeys(codes)))
        self.names = {
            **dict.fromkeys(("report_id", "source_report_id", "earlier_report_id"), report),
            **dict.fromkeys(("line_code", "column_code", "slice", "part", "whole"), code),
            "status": STATUS,
        }

    def landed(self, name: str) -> pd.DataFrame:
        """A landed table, a file or a folder of files by year."""
        folder = self.landing / name
        file = folder if folder.is_dir() else self.landing / f"{name}.parquet"
        return pd.read_parquet(file, partitioning=None)

    def reference(self, name: str) -> pd.DataFrame:
        """A table of the form or of the identities; every column text."""
        return _texts(self.seeds / "reference" / f"{name}.csv")

    def stewardship(self, name: str) -> pd.DataFrame:
        """What people decided, on reports at their current editions; every column text."""
        entries = _texts(self.seeds / "stewardship" / f"{name}.csv")
        if "report_id" not in entries:
            return entries
        named = entries["report_id"]
        current = named.map(self.current_editions()).fillna(named)
        on = next(column for column in entries if column in {"corrected_on", "acknowledged_on"})
        in_order = entries.assign(is_other=named != current).sort_values(
            ["is_other", on, "report_id"], ascending=[True, False, False]
        )
        return in_order.assign(report_id=current).drop(columns="is_other")

    def current_editions(self) -> pd.Series:
        """The current edition of each edition's report, by its id.

        The one published last, of those published at once a text, then the one landed last; where
        no text is dated, every text goes before every scan.
        """
        reports = self.landed("raw_reports")
        evidence = _texts(self.seeds / "stewardship" / "report_evidence.csv")
        scans = evidence.loc[evidence["evidence"] == "ocr", "report_id"]
        published = pd.to_datetime(reports["published_on"], format="ISO8601", errors="coerce")
        editions = reports.assign(
            published=published,
            is_text=~reports["report_id"].isin(scans),
            revision=reports["revision"].astype("int32"),
        )
        report = ["agency_id", "report_year"]
        dated_text = (editions["is_text"] & published.notna()).groupby(
            [editions[c] for c in report]
        )
        in_order = editions.assign(
            goes_before=editions["is_text"] | dated_text.transform("any")
        ).sort_values(["goes_before", "published", "is_text", "revision"], na_position="first")
        last = in_order.groupby(report, observed=True)["report_id"]
        return pd.Series(last.transform("last").to_numpy(), index=in_order["report_id"])

    def shorten(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Make categories of a frame's names; a name that nobody knows is missing."""
        found = {name: dtype for name, dtype in self.names.items() if name in frame}
        # Two steps: finding what is distinct first is the fast way over many rows.
        return frame.astype(dict.fromkeys(found, "category")).astype(found)


def _texts(file: Path) -> pd.DataFrame:
    # N/A is a word of the form.
    return pd.read_csv(file, dtype="str", keep_default_na=False, na_values=[""])


def read_agencies(source: Source) -> pd.DataFrame:
    """The bodies of the seed and those landed beside the reports."""
    landed = source.landed("agencies")
    agencies = pd.concat([source.reference("agencies"), landed])
    return agencies.assign(is_consolidated=agencies["is_consolidated"] == "true")


def read_reports(source: Source, agencies: pd.DataFrame) -> pd.DataFrame:
    """Every revision of every report, with whether its body adds up others."""
    columns = ["report_id", "agency_id", "report_year", "layout", "revision"]
    reports = source.landed("raw_reports")[columns]
    reports = reports.merge(agencies[["agency_id", "is_consolidated"]], on="agency_id")
    reports = reports.astype({"report_year": "int32", "revision": "int32"})
    reports = reports.assign(
        is_current=reports["report_id"].isin(source.current_editions().unique())
    )
    return source.shorten(reports).astype({"agency_id": "category"})
