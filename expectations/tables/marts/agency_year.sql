-- The figures of a report, added up from its cells.
{% from 'parts/measures.sql' import measures, sums_by_report, rates_of %}
{% set key = ['agency_id', 'report_year'] %}
{% set title_zh = 'agency_year 与各事实表之和一致' %}
{% set title_en = 'agency_year is what the facts of a report add up to' %}
with rows_of_requests as (
    select
        *,
        case when coalesce({{ applicant_types | join('_value, ') }}_value) is not null
            then coalesce({{ applicant_types | join('_value, 0) + coalesce(') }}_value, 0) end as value,
        {% for type in applicant_types %}({{ type }}_value is null)::integer{{ ' + ' if not loop.last }}{% endfor %}
            as missing
    from ({% include 'parts/request_leaves.sql' %})
),

review_cells as (
    select report_id, channel as line_code, result as column_code, value, (value is null)::integer as missing
    from marts.fct_review_litigation
),

disclosure_cells as (
    select report_id, line_code, measure_code as column_code, value, (value is null)::integer as missing
    from marts.fct_published_items
),

requests as ({{ sums_by_report('requests', 'rows_of_requests') }}),

reviews as ({{ sums_by_report('reviews', 'review_cells') }}),

disclosures as ({{ sums_by_report('disclosures', 'disclosure_cells') }}),

checks as (
    select
        report_id,
        count_if(status in ('holds', 'holds_if_blank_is_zero', 'broken')) as checks_assessed,
        count_if(status = 'broken') as checks_broken
    from quality.fct_identity_checks
    group by report_id
)

select
    agency_id, report_year, report_id, agencies.agency_name, agencies.level, agencies.province, layout,
    reports.region_code, sector_code as sector, reports.is_consolidated,
    {% for measure in measures %}{{ measure }}, {{ measure }}_not_reported,{% endfor %}
    checks_assessed, checks_broken, {{ rates_of() }}
from intermediate.int_reports as reports
inner join marts.dim_agency as agencies using (agency_id)
left join requests using (report_id)
left join reviews using (report_id)
left join disclosures using (report_id)
left join checks using (report_id)
