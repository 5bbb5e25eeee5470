-- The sums of reports, as MetricFlow asks for them, of the reports in which one of their cells holds no number.
select by_report.*
from (
    {{ by_report }}
) as by_report
inner join marts.agency_year as years on by_report.report = years.report_id
where years.{{ measure }}_not_reported > 0
