-- One number for everything that was landed of a report revision: another number, other raw rows.
with states as (

    {% for table, columns in raw_columns().items() %}
        select
            '{{ table }}' as raw_table,
            report_id,
            {{ state_of(columns) }} as state
        from {{ rows_landed(table) }}
        group by report_id
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

final as (

    select
        report_id,
        {{ state_of(['raw_table', 'state']) }} as raw_state
    from states
    group by report_id

)

select * from final
