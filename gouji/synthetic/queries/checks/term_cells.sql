-- The cells of each check, with what they say.
create or replace table term_cells as
select
    links.check_report_id as report_id,
    terms.identity_id,
    terms.slice,
    terms.side,
    terms.whose,
    terms.coefficient,
    terms.is_required,
    cells.report_id as cell_report_id,
    cells.form_table,
    cells.line_code,
    cells.column_code,
    coalesce(numbers.status, 'blank') as status,
    numbers.value
from cells
inner join terms using (form_table, line_code, column_code)
inner join links
    on cells.report_id = links.report_id and terms.whose = links.whose
    and coalesce(terms.layout, links.check_layout) = links.check_layout
left join numbers
    on cells.printed = numbers.printed
    and if(cells.line_code = 'fee' and cells.column_code = 'amount', 10000, 1) = numbers.form_factor
