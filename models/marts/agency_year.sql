{{ by_report('reports_rewritten', 'has_new_facts or has_new_checks', has_years=true) }}

-- A body's year at a glance: its current report's figures and rates.
with reports as (

    select * from {{ rows_touched(ref('int_reports'), 'reports_rewritten', 'has_new_facts or has_new_checks') }}

),

checks as (

    select *
    from {{
        rows_touched(ref('fct_identity_checks'), 'reports_rewritten', 'has_new_facts or has_new_checks')
    }}

),

request_measures as (
    {{ measures_by_report('fct_requests') }}
),

review_measures as (
    {{ measures_by_report('fct_review_litigation') }}
),

published_measures as (
    {{ measures_by_report('fct_published_items') }}
),

check_counts as (

    select
        report_id,
        count(case when status <> 'not_assessable' then 1 end) as checks_assessed,
        count(case when status = 'broken' then 1 end) as checks_broken
    from checks
    group by report_id

),

measures as (

    select
        reports.agency_id,
        reports.report_year,
        reports.report_id,
        reports.layout,
        reports.region_code,
        reports.sector_code as sector,
        reports.is_consolidated,
        {% for measure in summary_measures() %}
            {{ measure.name }},
            {{ measure.name }}_not_reported,
        {% endfor %}
        check_counts.checks_assessed,
        check_counts.checks_broken
    from reports
    left join request_measures on reports.report_id = request_measures.report_id
    left join review_measures on reports.report_id = review_measures.report_id
    left join published_measures on reports.report_id = published_measures.report_id
    left join check_counts on reports.report_id = check_counts.report_id

),

final as (

    select
        *,
        {{ rates() }}
    from measures

)

select * from final
