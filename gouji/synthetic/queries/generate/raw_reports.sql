-- The heads of the reports of a year, as they are landed.
select
    report_id, agency_id, agency_name, y::varchar as report_year, layout,
    '1' as revision,
    agency_name || y || '年政府信息公开工作年度报告（合成测试报告）' as title,
    format('{}-01-{:02d}', y + 1, 5 + n % 26) as published_on,
    null::varchar as source_url,
    'synthetic' as source_document,
    null::varchar as source_sha256,
    format('{}-04-01', y + 1) as landed_on
from year_reports
order by n
