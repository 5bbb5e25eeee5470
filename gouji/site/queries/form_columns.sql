-- The columns of the three tables, in the order of the form; those of table 二 are a line's own.
select
    form_cells.layout,
    'disclosures' as form_table,
    form_cells.line_code,
    form_cells.measure_code as column_code,
    measures.measure_order as column_order,
    measures.kind,
    measures.label_zh,
    measures.label_en
from reference.form_cells
inner join reference.measures using (layout, measure_code)
union all
select null, 'requests', null, applicant_type, type_order, kind, label_zh, label_en
from reference.applicant_types
union all
select null, 'reviews', null, code, code_order, kind, label_zh, label_en
from reference.channels_results
where dimension = 'result'
order by form_table, layout, line_code, column_order
