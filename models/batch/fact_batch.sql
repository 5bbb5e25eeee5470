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

    {% if is_increment() %}
        select distinct
            report_id,
            report_year,
            marks
        from {{ relation_of_model('build_state') }}
    {% else %}
        select
            *,
            '' as marks
        from report_batch
        where 1 = 0
    {% endif %}

),

final as (

    select
        report_id,
        report_year
    from report_batch
    union
    select
        last_build.report_id,
        last_build.report_year
    from last_build
    left join report_batch on last_build.report_id = report_batch.report_id
    left join marks on last_build.report_id = marks.report_id
    where report_batch.report_id is null and coalesce(last_build.marks, '') <> coalesce(marks.marks, '')

)

select * from final
