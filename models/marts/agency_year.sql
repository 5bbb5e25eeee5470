-- A body's year at a glance: its current report's figures and rates.
with reports as (

    select * from {{ ref('int_reports') }}

),

agencies as (

    select * from {{ ref('dim_agency') }}

),

checks as (

    select * from {{ ref('fct_identity_checks') }}

),

{% set types = applicant_types() %}
rows_of_requests as (

    select
        report_id,
        line_code,
        stage,
        outcome_group,
        -- a row without any number adds up to none
        case
            when coalesce({{ types | join('_value, ') }}_value) is not null
                then {% for type in types %}coalesce({{ type }}_value, 0){{ ' + ' if not loop.last }}{% endfor %}

        end as value,
        {% for type in types %}
            case when {{ type }}_value is null then 1 else 0 end{% if not loop.last %} +{% endif %}

        {% endfor %} as cells_without_number
    from {{ ref('int_request_leaf_rows') }}

),

review_cells as (

    select * from {{ ref('fct_review_litigation') }}

),

published_cells as (

    select * from {{ ref('fct_published_items') }}

),

request_measures as (
    {{ measures_by_report('fct_requests', 'rows_of_requests', 'cells_without_number') }}
),

review_measures as (
    {{ measures_by_report('fct_review_litigation', 'review_cells') }}
),

published_measures as (
    {{ measures_by_report('fct_published_items', 'published_cells') }}
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
        agencies.agency_name,
        agencies.level,
        agencies.province,
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
    inner join agencies on reports.agency_id = agencies.agency_id
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

-- the years of a body stand together in the file, so that few blocks are read for one of them
select * from final
order by agency_id, report_year
