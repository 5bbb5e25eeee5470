-- The cells of each check, with what they say.
create or replace table term_cells as
with read_cells as (

    select
        cells.report_id,
        cells.form_table,
        cells.line_code,
        cells.column_code,
        coalesce(numbers.status, 'blank') as status,
        numbers.value
    from cells
    left join numbers
        on cells.printed = numbers.printed
        and if(cells.line_code = 'fee' and cells.column_code = 'amount', 10000, 1) = numbers.form_factor

),

rows_without_total as (

    select report_id, form_table, line_code
    from read_cells
    where form_table in ('requests', 'reviews')
    group by all
    having
        bool_and(status = 'blank') filter (column_code = 'total')
        and not bool_and(status = 'blank') filter (column_code <> 'total')

)

select
    links.check_report_id as report_id,
    terms.identity_id,
    terms.slice,
    terms.side,
    terms.whose,
    terms.coefficient,
    terms.is_required,
    coalesce(terms.without_total, false) as is_part,
    cells.report_id as cell_report_id,
    cells.form_table,
    cells.line_code,
    cells.column_code,
    cells.status,
    cells.value
from read_cells as cells
inner join terms using (form_table, line_code, column_code)
inner join links
    on cells.report_id = links.report_id and terms.whose = links.whose
    and coalesce(terms.layout, links.check_layout) = links.check_layout
left join rows_without_total
    on cells.report_id = rows_without_total.report_id
    and cells.form_table = rows_without_total.form_table
    and cells.line_code = rows_without_total.line_code
where
    coalesce(terms.without_total = (rows_without_total.report_id is not null), true)
    -- table 二 has other cells in the other layout
    and not (cells.form_table = 'disclosures' and links.is_in_other_layout)
