-- Editions that the build before did not hold of a report that it held, and documents that took another's place.
select reports.report_id
from marts.dim_report as reports
left join {{ earlier }}marts.dim_report as same_edition using (report_id)
where
    case
        when same_edition.report_id is null
            then (reports.agency_id, reports.report_year)
                in (select (agency_id, report_year) from {{ earlier }}marts.dim_report)
        else reports.source_sha256 is distinct from same_edition.source_sha256
    end
order by all
