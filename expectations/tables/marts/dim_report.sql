-- Every edition with the form since 2019 as it was landed, and whether it is the current one.
{% set key = ['report_id'] %}
{% set title_zh = '每个报告版本在 dim_report 中恰有一行，与入库登记一致' %}
{% set title_en = 'dim_report has each landed edition once, as it was landed' %}
select
    report_id, agency_id, raw_reports.agency_name, report_year, layout, revision,
    report_id in (select report_id from intermediate.int_reports) as is_current,
    agencies.is_consolidated, title, try_cast(left(published_on, 10) as date) as published_on, source_url,
    source_document, source_sha256, evidence, landed_on
from raw.raw_reports
anti join (from reference.layouts where table_set = 'statistics') using (layout)
left join staging.stg_agencies as agencies using (agency_id)
left join stewardship.report_evidence using (report_id)
