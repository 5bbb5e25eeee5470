-- What a reader would stumble over in a report by itself, or beside the one that it goes on from, one row each.
with check_sources as (

    select * from {{ ref('int_check_sources') }}
    where year_offset = -1

),

request_rows as {{ read_in_place() }} (

    select * from {{ ref('int_request_rows') }}

),

review_rows as {{ read_in_place() }} (

    select * from {{ ref('int_review_rows') }}

),

disclosure_cells as {{ read_in_place() }} (

    select * from {{ ref('int_disclosure_cells') }}

),

sanity_bounds as (

    select * from {{ ref('sanity_bounds') }}
    where sanity_check_id = 'copied_row'

),

{% for rows in ['request_rows', 'review_rows'] %}
    last_{{ rows }} as (

        select * from {{ whole('int_' ~ rows) }}
        where
            total >= (select min(sanity_bounds.count_at_least) from sanity_bounds)
            and {{ is_among('report_id', 'check_sources', 'source_report_id') }}

    ),
{% endfor %}

-- few rows hold a number below 0
negative_request_rows as (

    select * from request_rows
    where {{ applicant_columns() | join(' < 0 or ') }} < 0

),

negative_review_rows as (

    select * from review_rows
    where {{ result_columns() | join(' < 0 or ') }} < 0

),

cells as (

    {{ cells_of('negative_request_rows', 'negative_review_rows', 'disclosure_cells') }}

),

unreadable_cells as (

    select * from {{ ref('int_unreadable_cells') }}
    where column_code <> 'amount'

),

numbers as (

    select * from {{ ref('int_printed_numbers') }}

),

negative_counts as (

    select
        report_id,
        'not_a_count' as sanity_check_id,
        form_table,
        line_code,
        column_code
    from cells
    where value < 0 and column_code not in ('change', 'amount')

),

numbers_that_are_no_counts as (

    select
        unreadable_cells.report_id,
        case
            when numbers.printed_unit is null then 'not_a_count'
            else 'money_in_count'
        end as sanity_check_id,
        unreadable_cells.form_table,
        unreadable_cells.line_code,
        unreadable_cells.column_code
    from unreadable_cells
    inner join numbers on unreadable_cells.printed = numbers.printed
    where numbers.amount_status = 'reported'

),

-- a row of some size, every cell as it was the year before in a report that this one goes on from
copied_rows as (

    {% for form_table, rows, line, columns in [
        ('requests', 'request_rows', 'line_code', applicant_columns()),
        ('reviews', 'review_rows', 'channel', result_columns())
    ] %}
        select
            own_rows.report_id,
            'copied_row' as sanity_check_id,
            '{{ form_table }}' as form_table,
            own_rows.{{ line }} as line_code,
            'all' as column_code
        from {{ rows }} as own_rows
        inner join check_sources on own_rows.report_id = check_sources.report_id
        inner join last_{{ rows }} as last_years_rows
            on
                check_sources.source_report_id = last_years_rows.report_id
                and own_rows.{{ line }} = last_years_rows.{{ line }}
                {% for column in columns %}
                    and own_rows.{{ column }} = last_years_rows.{{ column }}
                {% endfor %}
        inner join sanity_bounds
            on sanity_bounds.form_table = '{{ form_table }}' and own_rows.total >= sanity_bounds.count_at_least
        {% if not loop.last %}union{% endif %}
    {% endfor %}

),

-- the number is kept, and no kind of applicant or result has it
undistributed_totals as (

    {% for form_table, rows, line, parts in [
        ('requests', 'request_rows', 'line_code', applicant_types()),
        ('reviews', 'review_rows', 'channel', result_types()),
    ] %}
        select
            report_id,
            'undistributed_total' as sanity_check_id,
            '{{ form_table }}' as form_table,
            {{ line }} as line_code,
            'total' as column_code
        from {{ rows }}
        where total > 0 {% for part in parts %}and {{ part }}_status = 'blank' {% endfor %}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

items_of_lines as (

    select
        report_id,
        line_code,
        sum(case when measure_code in ('prior_items', 'change') then value end) as items,
        sum(case when measure_code = 'decisions' then value end) as decisions
    from disclosure_cells
    where value_status = 'reported' and measure_code in ('prior_items', 'change', 'decisions')
    group by report_id, line_code
    having count(*) = 3

),

decisions_that_are_items as (

    select
        report_id,
        'decisions_are_items' as sanity_check_id,
        'disclosures' as form_table,
        line_code,
        'decisions' as column_code
    from items_of_lines
    where decisions = items and decisions <> 0

),

final as (

    select * from negative_counts
    union all
    select * from numbers_that_are_no_counts
    union all
    select * from copied_rows
    union all
    select * from undistributed_totals
    union all
    select * from decisions_that_are_items

)

select * from final
