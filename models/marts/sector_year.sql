-- A line of work (条) over all regions. A report that a consolidated one of the same line of work already adds up
-- is left out, so that governments nested in each other, or a bureau and its own offices, count once.
with agency_years as (

    select * from {{ ref('agency_year') }}

),

added_up as (

    select report_id
    from {{ ref('int_reports_added_up') }}
    where is_same_sector

),

sums as (

    select
        agency_years.sector,
        agency_years.report_year,
        count(*) as reports_used,
        {{ basis_of_reports() }} as basis,
        {{ sums_of_measures() }}
    from agency_years
    left join added_up on agency_years.report_id = added_up.report_id
    where added_up.report_id is null
    group by agency_years.sector, agency_years.report_year

),

final as (

    select
        *,
        {{ rates() }}
    from sums

)

select * from final
