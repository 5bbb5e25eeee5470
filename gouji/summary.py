"""What a warehouse holds, on one screen. Every figure is the warehouse's own, read by SQL."""

from dataclasses import dataclass
from pathlib import Path

from gouji.warehouse_file import Record, reading, records

REPORTS = """
select
    count(*) as reports,
    count(distinct agency_id) as agencies,
    min(report_year) as first_year,
    max(report_year) as last_year,
    count_if(is_consolidated) as consolidated
from marts.dim_report
where is_current
"""

# A column for each status, in the order of the contract.
CELLS = """
select
    form_table,
    count(*) as cells,
    count_if(value_status = 'reported') as reported,
    count_if(value_status = 'blank') as blank,
    count_if(value_status = 'not_applicable') as not_applicable,
    count_if(value_status = 'unreadable') as unreadable,
    count_if(value_status = 'absent') as absent
from (
    select '二 disclosures' as form_table, value_status, 1 as table_order
    from marts.fct_published_items
    union all
    select '三 requests' as form_table, value_status, 2 as table_order
    from marts.fct_requests
    union all
    select '四 reviews' as form_table, value_status, 3 as table_order
    from marts.fct_review_litigation
)
group by form_table, table_order
order by table_order
"""

IDENTITIES = """
select
    identities.family,
    count_if(status = 'holds') as held,
    count_if(status = 'holds_if_blank_is_zero') as held_if_blank_is_zero,
    count_if(status = 'broken') as broken,
    count_if(is_acknowledged) as acknowledged,
    count_if(status = 'not_assessable') as not_assessable
from quality.fct_identity_checks as checks
inner join reference.identities as identities using (identity_id)
group by identities.family
order by identities.family
"""


BROKEN_CHECKS = """
select
    identity_id,
    identities.title_zh,
    count(*) as broken,
    count(distinct report_id) as reports,
    count_if(not is_acknowledged) as unacknowledged
from quality.fct_identity_checks as checks
inner join reference.identities as identities using (identity_id)
where checks.status = 'broken'
group by identity_id, identities.title_zh
order by broken desc, identity_id
"""


@dataclass(frozen=True)
class Summary:
    """The figures of a warehouse: its reports, its cells by status, its identities by verdict."""

    reports: Record
    cells: list[Record]
    identities: list[Record]
    broken_checks: list[Record]


def summarise(database: Path) -> Summary:
    """Read the figures of a warehouse file."""
    with reading(database) as connection:
        return Summary(
            reports=records(connection, REPORTS)[0],
            cells=records(connection, CELLS),
            identities=records(connection, IDENTITIES),
            broken_checks=records(connection, BROKEN_CHECKS),
        )
