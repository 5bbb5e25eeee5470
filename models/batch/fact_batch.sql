-- The reports whose facts this build writes: those of the batch, and those whose cells in doubt are not the last build's.
-- A best explanation is the best of all that compete for a cause, and these reach further than checks do.
with report_batch as (

    select * from {{ ref('report_batch') }}

),

doubts as (

    {{ hashes_of_doubts(ref('doubtful_cells')) }}

),

last_build as (

    {% if is_increment() %}
        select distinct
            report_id,
            report_year,
            doubts
        from {{ relation_of_model('build_state') }}
    {% else %}
        select
            *,
            '' as doubts
        from report_batch
        where 1 = 0
    {% endif %}

),

final as (

    select
        report_id,
        report_year
    from report_batch
    union all
    select
        last_build.report_id,
        last_build.report_year
    from last_build
    left join report_batch on last_build.report_id = report_batch.report_id
    left join doubts on last_build.report_id = doubts.report_id
    where report_batch.report_id is null and coalesce(last_build.doubts, '') <> coalesce(doubts.doubts, '')

)

select * from final
