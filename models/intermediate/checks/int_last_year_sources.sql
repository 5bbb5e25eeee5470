-- Whose reports of the year before a report is compared with, and what stands in the way: its own body's; in the year
-- of a merger also those of the bodies taken over; after a split none, since no report says what went where.
with all_reports as (

    select * from {{ whole('int_current_editions') }}
    where report_id = current_report_id

),

reports as (

    select * from {{ ref('int_current_editions') }}
    where report_id = current_report_id

),

agency_successions as (

    select * from {{ ref('stg_agency_successions') }}

),

successions as (

    select
        *,
        case when succession_kind = 'split' or share < 1 then 1 else 0 end as is_in_part
    from agency_successions

),

first_years as (

    select
        agency_id,
        min(report_year) as first_year
    from all_reports
    group by agency_id

),

-- who counts whose work in the report of which year
reforms as (

    select
        successor_agency_id as agency_id,
        effective_year as report_year,
        predecessor_agency_id as source_agency_id,
        is_in_part
    from successions
    where effective_year is not null
    union
    -- a body that gave a part away goes on with the rest
    select
        predecessor_agency_id as agency_id,
        effective_year as report_year,
        predecessor_agency_id as source_agency_id,
        is_in_part
    from successions
    where effective_year is not null and is_in_part = 1

),

years_of_reforms as (

    select distinct
        agency_id,
        report_year
    from reforms

),

sources as (

    select
        reports.report_id,
        reports.report_year,
        reports.layout,
        reports.agency_id as source_agency_id,
        0 as is_in_part
    from reports
    inner join first_years on reports.agency_id = first_years.agency_id
    left join years_of_reforms
        on reports.agency_id = years_of_reforms.agency_id and reports.report_year = years_of_reforms.report_year
    -- a body that a reform founded has no report of its own to go on from
    where years_of_reforms.agency_id is null or first_years.first_year < reports.report_year
    union all
    select
        reports.report_id,
        reports.report_year,
        reports.layout,
        reforms.source_agency_id,
        reforms.is_in_part
    from reports
    inner join reforms on reports.agency_id = reforms.agency_id and reports.report_year = reforms.report_year

),

-- a body renamed in a year that is not told goes on with the other's report wherever it has none itself
sources_by_any_name as (

    select
        sources.report_id,
        sources.report_year,
        sources.layout,
        sources.is_in_part,
        coalesce(own.report_id, renamed.report_id) as source_report_id,
        coalesce(own.layout, renamed.layout) as source_layout
    from sources
    left join all_reports as own
        on sources.source_agency_id = own.agency_id and sources.report_year - 1 = own.report_year
    left join successions
        on sources.source_agency_id = successions.successor_agency_id and successions.effective_year is null
    left join all_reports as renamed
        on
            successions.predecessor_agency_id = renamed.agency_id
            and sources.report_year - 1 = renamed.report_year

),

obstacles as (

    select
        report_id,
        case
            when max(is_in_part) = 1 then 'last year: a body was split'
            when count(*) > count(source_report_id) then 'last year: no report'
        end as obstacle
    from sources_by_any_name
    group by report_id

),

final as (

    select distinct
        sources_by_any_name.report_id,
        sources_by_any_name.report_year,
        sources_by_any_name.source_report_id,
        coalesce(sources_by_any_name.layout <> sources_by_any_name.source_layout, false) as is_in_other_layout,
        obstacles.obstacle
    from sources_by_any_name
    inner join obstacles on sources_by_any_name.report_id = obstacles.report_id

)

select * from final
