-- The reports that add up others'. One without a number in table 三 stands back for its members, where all are held.
with reports as (

    select * from {{ ref('int_reports') }}

),

regions_within as (

    select * from {{ ref('int_regions_within') }}

),

check_sources as (

    select * from {{ ref('int_check_sources') }}

),

request_rows as (

    select * from {{ ref('int_request_rows') }}

),

whole_sets as (

    select distinct report_id
    from check_sources
    where scope = 'members'

),

reports_with_numbers as (

    select distinct report_id
    from request_rows
    where
        {{ is_among('report_id', 'whole_sets', 'report_id') }}
        and coalesce({{ applicant_columns() | join(', ') }}) is not null

),

final as (

    select
        reports.report_id,
        reports.agency_id,
        reports.report_year,
        reports.region_code,
        reports.sector_code,
        regions_within.depth,
        -- the governments of a region are one
        case when reports.sector_code = 'general_government' then reports.region_code else reports.report_id end
            as added_up_by,
        whole_sets.report_id is not null and reports_with_numbers.report_id is null as stands_back
    from reports
    inner join regions_within
        on reports.region_code = regions_within.region_code and reports.region_code = regions_within.region_within
    left join whole_sets on reports.report_id = whole_sets.report_id
    left join reports_with_numbers on reports.report_id = reports_with_numbers.report_id
    where reports.is_consolidated

)

select * from final
