-- Who is late and who is missing: each report that is expected or held, with the day it was due and the day on which
-- its first edition was published. A report that is not here was not landed; whether it was published is not known.
with reports_due as (

    select * from {{ ref('int_reports_due') }}

),

editions as (

    select * from {{ ref('dim_report') }}

),

reports_held as (

    select
        agency_id,
        report_year,
        max(case when is_current then report_id end) as report_id,
        min(published_on) as published_on,
        count(*) = count(published_on) as is_dated,
        min(landed_on) as landed_on
    from editions
    group by agency_id, report_year

),

-- an edition without a date may have been the first: what is known then is only that the report was there by the day of
-- another
reports as (

    select
        coalesce(reports_due.agency_id, reports_held.agency_id) as agency_id,
        coalesce(reports_due.report_year, reports_held.report_year) as report_year,
        reports_held.report_id,
        reports_due.due_on,
        case
            when reports_held.is_dated or reports_held.published_on <= reports_due.due_on then reports_held.published_on
        end as published_on,
        reports_held.landed_on
    from reports_due
    full outer join reports_held
        on
            reports_due.agency_id = reports_held.agency_id
            and reports_due.report_year = reports_held.report_year

),

final as (

    select
        agency_id,
        report_year,
        report_id,
        due_on,
        published_on,
        landed_on,
        case
            when due_on is null then 'not_expected'
            when report_id is null then 'not_landed'
            when published_on is null then 'undated'
            when published_on <= due_on then 'on_time'
            else 'late'
        end as state,
        case
            when published_on > due_on then cast({{ dbt.datediff('due_on', 'published_on', 'day') }} as integer)
        end as days_late
    from reports

)

select * from final
