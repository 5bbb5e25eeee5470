-- Both sides of the identities of table 四, over the reported cells.
with review_cells as (

    {% for column in result_columns() %}
        select
            report_id,
            channel as line_code,
            '{{ column }}' as column_code,
            {{ column }} as value
        from {{ ref('int_review_rows') }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

identity_terms as (

    select * from {{ ref('identity_terms') }}
    where form_table = 'reviews'

),

final as (

    select
        review_cells.report_id,
        identity_terms.identity_id,
        'all' as slice,
        cast(sum(case
            when identity_terms.side = 'left'
                then identity_terms.coefficient * review_cells.value
        end) as decimal(28, 4)) as lhs,
        cast(sum(case
            when identity_terms.side = 'right'
                then -identity_terms.coefficient * review_cells.value
        end) as decimal(28, 4)) as rhs
    from review_cells
    inner join identity_terms
        on
            review_cells.line_code = identity_terms.line_code
            and review_cells.column_code = identity_terms.column_code
    group by review_cells.report_id, identity_terms.identity_id

)

select * from final
