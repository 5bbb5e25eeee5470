-- What no identity sees but a reader would stumble over, one row each. Warnings only.
with cells as (

    select * from {{ ref('int_cells') }}
    where form_table <> 'narrative'

),

disclosure_cells as (

    select * from {{ ref('int_disclosure_cells') }}

),

printed_cells as (

    select * from {{ ref('int_printed_cells') }}

),

numbers as (

    select * from {{ ref('int_printed_numbers') }}

),

report_pairs as (

    select * from {{ ref('int_report_pairs') }}
    where year_offset = -1

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
        cells.report_id,
        case when numbers.printed_unit is null then 'not_a_count' else 'money_in_count' end as sanity_check_id,
        cells.form_table,
        cells.line_code,
        cells.column_code
    from cells
    inner join printed_cells
        on
            cells.report_id = printed_cells.report_id
            and cells.form_table = printed_cells.form_table
            and cells.line_code = printed_cells.line_code
            and cells.column_code = printed_cells.column_code
    inner join numbers on printed_cells.printed = numbers.printed
    where cells.value_status = 'unreadable' and numbers.amount_status = 'reported' and cells.column_code <> 'amount'

),

-- a row of some size: ten things or more in it, or three cells that are not 0
table_rows as (

    select
        report_id,
        form_table,
        line_code,
        count(*) as cells_in_row
    from cells
    where form_table in ('requests', 'reviews') and value_status = 'reported'
    group by report_id, form_table, line_code
    having max(value) >= 10 or count(case when value <> 0 then 1 end) >= 4

),

copied_rows as (

    select
        table_rows.report_id,
        'copied_row' as sanity_check_id,
        table_rows.form_table,
        table_rows.line_code,
        cast(null as {{ dbt.type_string() }}) as column_code
    from table_rows
    inner join report_pairs on table_rows.report_id = report_pairs.report_id
    inner join cells as own_cells
        on
            table_rows.report_id = own_cells.report_id
            and table_rows.form_table = own_cells.form_table
            and table_rows.line_code = own_cells.line_code
    inner join cells as last_years_cells
        on
            report_pairs.source_report_id = last_years_cells.report_id
            and own_cells.form_table = last_years_cells.form_table
            and own_cells.line_code = last_years_cells.line_code
            and own_cells.column_code = last_years_cells.column_code
    group by table_rows.report_id, table_rows.form_table, table_rows.line_code, table_rows.cells_in_row
    having count(case when own_cells.value = last_years_cells.value then 1 end) = table_rows.cells_in_row

),

items_of_lines as (

    select
        report_id,
        line_code,
        sum(case when measure_code in ('prior_items', 'change') then value end) as items,
        sum(case when measure_code = 'decisions' then value end) as decisions
    from disclosure_cells
    where value_status = 'reported'
    group by report_id, line_code
    having count(distinct measure_code) = 3

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
    select * from decisions_that_are_items

)

select * from final
