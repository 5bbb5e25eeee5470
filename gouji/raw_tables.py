"""The raw tables and their columns, in the order of the contract."""

APPLICANT_COLUMNS = (
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_welfare_organization",
    "legal_service_organization",
    "other_organization",
    "total",
)
RESULT_COLUMNS = ("upheld", "corrected", "other", "pending", "total")

RAW_TABLES: dict[str, tuple[str, ...]] = {
    "raw_reports": (
        "report_id",
        "agency_id",
        "agency_name",
        "report_year",
        "layout",
        "revision",
        "title",
        "published_on",
        "source_url",
        "source_document",
        "source_sha256",
        "landed_on",
    ),
    "raw_disclosures": ("report_id", "line_code", "measure_code", "printed"),
    "raw_requests": ("report_id", "line_code", *APPLICANT_COLUMNS),
    "raw_reviews": ("report_id", "channel", *RESULT_COLUMNS),
    "raw_narrative_figures": ("report_id", "figure_code", "printed", "locator"),
}
