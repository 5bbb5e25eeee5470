-- The reports whose facts this build writes: those of the batch, and those whose cells are marked otherwise than in the
-- last build. Other reports' checks look at a cell too, and a best explanation is the best of all that compete for a
-- cause, which reach further than checks do.
with report_batch as (

    select * from {{ ref('report_batch') }}

),

marks as (

    {{ hashes_of_marks(ref('broken_cells'), ref('doubtful_cells')) }}

),

last_build as (

    {{ rows_of_last_build() }}

),

reports_of_last_build as (

    select distinct
        report_id,
        report_year,
        marks
    from last_build

),

final as (

    select
        report_id,
        report_year
    from report_batch
    union
    select
        reports_of_last_build.report_id,
        reports_of_last_build.report_year
    from reports_of_last_build
    left join report_batch on reports_of_last_build.report_id = report_batch.report_id
    left join marks on reports_of_last_build.report_id = marks.report_id
    where report_batch.report_id is null and coalesce(reports_of_last_build.marks, '') <> coalesce(marks.marks, '')

)

select * from final
