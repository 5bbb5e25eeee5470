-- The reports whose facts this build writes: those of the batch, and those whose cells in doubt are not the last build's.
-- A best explanation is the best of all that compete for a cause, and these reach further than checks do.
with report_batch as (

    select * from {{ ref('report_batch') }}

),

doubts as (

    select
        report_id,
        {{ hash_of_rows(['form_table', 'line_code', 'column_code']) }} as doubts
    from {{ ref('doubtful_cells') }}
    group by report_id

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
            report_batch.report_id,
            report_batch.report_year,
            doubts.doubts
        from report_batch
        inner join doubts on report_batch.report_id = doubts.report_id
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
    left join doubts on last_build.report_id = doubts.report_id
    where coalesce(last_build.doubts, '') <> coalesce(doubts.doubts, '')

)

select * from final
