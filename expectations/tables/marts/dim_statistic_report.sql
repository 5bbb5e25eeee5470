-- Every edition with an annex before 2019 as it was landed; of a body and year the one published last is current.
{% set key = ['report_id'] %}
{% set title_zh = '2019年以前的每个报告版本在 dim_statistic_report 中恰有一行，与入库登记一致' %}
{% set title_en = 'dim_statistic_report has each landed edition before 2019 once, as it was landed' %}
select
    report_id, agency_id, reports.agency_name, report_year, layout, revision,
    stand = max(stand) over (partition by agency_id, report_year) as is_current,
    agencies.is_consolidated, title, try_cast(left(published_on, 10) as date) as published_on, source_url,
    source_document, source_sha256, evidence, landed_on
from (
    select
        *,
        (coalesce(try_cast(published_on as timestamp), '-infinity'), cast(revision as integer)) as stand
    from raw.raw_reports
    semi join (from reference.layouts where table_set = 'statistics') using (layout)
) as reports
left join staging.stg_agencies as agencies using (agency_id)
left join stewardship.report_evidence using (report_id)
