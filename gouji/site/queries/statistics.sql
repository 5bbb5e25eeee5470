-- The figures of the bodies that are drawn in the forms before 2019, each indicator with what it may be laid beside now.
with reports as (

    select
        report_id,
        source_url
    from marts.dim_statistic_report
    where is_current and agency_id in (select agency_pages.agency_id from agency_pages)

)

select
    statistics.agency_id,
    statistics.report_id,
    statistics.report_year,
    statistics.layout,
    layouts.label_zh as layout_zh,
    layouts.label_en as layout_en,
    reports.source_url,
    statistics.indicator_code,
    indicators.label_zh,
    indicators.label_en,
    indicators.parent_indicator_code is not null as is_part,
    statistics.unit,
    statistics.column_code,
    statistics.value,
    statistics.value_status,
    statistics.printed,
    bridge.comparison,
    bridge.reason_zh,
    bridge.reason_en
from marts.fct_statistics as statistics
inner join reports using (report_id)
inner join reference.layouts using (layout)
inner join reference.statistic_indicators as indicators using (indicator_code)
left join reference.statistic_bridge as bridge using (indicator_code)
order by statistics.agency_id, indicators.indicator_order, statistics.report_year
