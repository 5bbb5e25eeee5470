{{ config(
    materialized='kept_table' if deletes_rows() else 'table',
    pre_hook="{{ delete_landed_anew(ref('raw_years')) }}",
) }}

-- One number for everything that was landed of a report revision: another number, other raw rows. An increment reads the
-- years whose files differ.
{% set years = years_to_read('select landed_in from ' ~ ref('raw_years') ~ ' where is_new') %}
{% set parts = [none] if years is none else (years or ['']) %}
with raw_years as (

    select * from {{ ref('raw_years') }}

),

states as (

    {% for year in parts %}
        {% set last_part = loop.last %}
        {% for table, columns in raw_columns().items() %}
            select
                '{{ table }}' as raw_table,
                report_id,
                '{{ year or '' }}' as landed_in,
                {{ state_of(columns) }} as state
            from {{ rows_landed(table, none if year is none else [year]) }}
            group by report_id
            {% if not (loop.last and last_part) %}union all{% endif %}
        {% endfor %}
    {% endfor %}

),

final as (

    select
        states.report_id,
        states.landed_in,
        raw_years.files_state,
        {{ state_of(['states.raw_table', 'states.state']) }} as raw_state
    from states
    inner join raw_years on states.landed_in = raw_years.landed_in
    group by states.report_id, states.landed_in, raw_years.files_state

)

select * from final
