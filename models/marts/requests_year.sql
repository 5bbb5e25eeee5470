-- Table 三 of a year added up, for questions about the whole country: as fct_requests, with a province and a line of work
-- in place of the report.
with rows_of_leaves as (

    select * from {{ ref('int_request_leaf_rows') }}

),

regions as (

    select * from {{ ref('int_regions') }}

),

applicants as (

    select * from {{ ref('applicant_types') }}
    where kind = 'leaf'

),

{% set statuses = ['reported'] + gap_statuses() %}
sums as (

    select
        rows_of_leaves.report_year,
        regions.province_code,
        rows_of_leaves.sector_code as sector,
        rows_of_leaves.is_consolidated,
        rows_of_leaves.line_code,
        rows_of_leaves.stage,
        rows_of_leaves.outcome_group,
        {% for type in applicant_types() %}
            cast(sum(rows_of_leaves.{{ type }}_value) as bigint) as {{ type }}_value,
            {% for status in statuses %}
                count(case when rows_of_leaves.{{ type }}_status = '{{ status }}' then 1 end)
                    as {{ type }}_cells_{{ status }},
            {% endfor %}
        {% endfor %}
        count(*) as cells
    from rows_of_leaves
    inner join regions on rows_of_leaves.region_code = regions.region_code
    group by
        rows_of_leaves.report_year,
        regions.province_code,
        rows_of_leaves.sector_code,
        rows_of_leaves.is_consolidated,
        rows_of_leaves.line_code,
        rows_of_leaves.stage,
        rows_of_leaves.outcome_group

),

final as (

    select
        sums.report_year,
        sums.province_code,
        sums.sector,
        sums.is_consolidated,
        applicants.applicant_type,
        sums.line_code,
        sums.stage,
        sums.outcome_group,
        {{ of_applicant_type('sums', 'value') }} as value,
        {% for status in statuses %}
            {{ of_applicant_type('sums', 'cells_' ~ status) }} as cells_{{ status }},
        {% endfor %}
        sums.cells
    from sums
    cross join applicants

)

select * from final
