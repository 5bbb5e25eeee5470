-- What this build saw of each year, and what it was made with, written last: a build that does not find it is a full one
-- (macros/increment.sql).
-- depends_on: {{ ref('built_reports') }}
with year_states as (

    select * from {{ ref('int_year_states') }}

),

final as (

    select
        report_year,
        year_state,
        '{{ code_in_use() if execute }}' as code,
        {{ is_increment() | lower }} as is_by_increment
    from year_states

)

select * from final
