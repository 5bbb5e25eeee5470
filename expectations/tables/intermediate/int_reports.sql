-- Of the editions of a body and year the one published last, of those published at once the one landed last.
{% set key = ['report_id'] %}
{% set title_zh = '每个机关每年恰有一份现行报告，即最后发布的版本' %}
{% set title_en = 'The current report of a body and year is the edition published last' %}
select
    report_id, agency_id, report_year, layout, agencies.region_code, agencies.sector_code, agencies.is_consolidated
from (
    select
        *,
        (coalesce(try_cast(published_on as timestamp), '-infinity'), cast(revision as integer)) as stand
    from raw.raw_reports
    anti join (from reference.layouts where table_set = 'statistics') using (layout)
    qualify stand = max(stand) over (partition by agency_id, report_year)
)
inner join staging.stg_agencies as agencies using (agency_id)
