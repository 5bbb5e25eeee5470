-- The years in which anything is not what the last build saw, and the year after each, whose reports look back. All, in a
-- full build.
with report_changes as (

    select * from {{ ref('stg_report_changes') }}

),

reports as (

    select * from {{ ref('stg_reports') }}

),

year_states as (

    select * from {{ ref('int_year_states') }}

),

reports_before as (

    {{ reports_built_before() }}

),

years_before as (

    {{ years_built_before() }}

),

changed as (

    select reports.report_year
    from report_changes
    inner join reports on report_changes.report_id = reports.report_id
    union
    select reports_before.report_year
    from report_changes
    inner join reports_before on report_changes.report_id = reports_before.report_id
    union
    select coalesce(year_states.report_year, years_before.report_year) as report_year
    from year_states
    full outer join years_before on year_states.report_year = years_before.report_year
    where year_states.year_state is distinct from years_before.year_state

),

final as (

    select report_year
    from changed
    union
    select report_year + 1 as report_year
    from changed

)

select * from final
