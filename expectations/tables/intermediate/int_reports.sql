-- Of the editions of a body and year the one published last; of those published at once one that is no scan, then the
-- one landed last. Where no text is dated, the date of a scan does not count against a text.
{% set key = ['report_id'] %}
{% set title_zh = '每个机关每年恰有一份现行报告：最后发布的版本；扫描件让位于文本版本' %}
{% set title_en = 'The current report of a body and year is the edition published last, a scan only where no text has its place' %}
with editions as (
    select
        raw_reports.*,
        raw_reports.report_id not in (select report_id from stewardship.report_evidence where evidence = 'ocr') as is_text,
        coalesce(try_cast(published_on as timestamp), '-infinity') as published
    from raw.raw_reports
    anti join (from reference.layouts where table_set = 'statistics') using (layout)
),

of_one_report as (
    select
        *,
        bool_or(is_text) over report as has_text,
        bool_or(is_text and published > '-infinity') over report as has_dated_text
    from editions
    window report as (partition by agency_id, report_year)
)

select
    report_id, agency_id, report_year, layout, agencies.region_code, agencies.sector_code, agencies.is_consolidated
from of_one_report
inner join staging.stg_agencies as agencies using (agency_id)
where is_text or has_dated_text or not has_text
qualify
    row_number() over (
        partition by agency_id, report_year order by published desc, is_text desc, cast(revision as integer) desc
    ) = 1
