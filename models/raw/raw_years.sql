-- The years whose reports were landed, with a number for what their files hold, and whether it is another than the last
-- build's. Where reports do not lie in folders of years, one row for all, which is new each time.
with years as (

    {{ years_landed() }}

),

final as (

    select
        landed_in,
        files_state,
        {% if is_increment() and deletes_rows() %}
            concat(landed_in, ' ', files_state) not in (
                select concat(landed_in, ' ', files_state) from {{ relation_of_model('raw_states') }}
            )
            or files_state is null
        {% else %}
            true
        {% endif %} as is_new
    from years

)

select * from final
