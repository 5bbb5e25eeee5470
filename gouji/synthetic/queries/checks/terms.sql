-- The terms of every check that a report can have, spelled out cell by cell of the forms.
create or replace table terms as
with form_lines as (

    select distinct form_table, line_code
    from read_csv('{{ reference }}/form_lines.csv', all_varchar = true)

),

cells_of_the_form as (

    select form_table, line_code, unnest([{{ applicants | literals }}]) as column_code
    from form_lines
    where form_table = 'requests'
    union all
    select form_table, line_code, unnest([{{ results | literals }}])
    from form_lines
    where form_table = 'reviews'
    union all
    select distinct 'disclosures', line_code, measure_code
    from read_csv('{{ reference }}/form_cells.csv', all_varchar = true)
    union all
    select 'narrative', figure_code, 'stated'
    from read_csv('{{ reference }}/figures.csv', all_varchar = true)

)

select
    identity_terms.identity_id,
    identity_terms.layout,
    case identity_terms.slice_by when 'column' then cells.column_code when 'line' then cells.line_code else 'all' end as slice,
    identity_terms.side,
    identity_terms.whose,
    form_table,
    cells.line_code,
    cells.column_code,
    identity_terms.coefficient,
    identity_terms.is_required,
    -- a total's parts stand in for it where it is blank
    case when identity_terms.reading = 'total_or_parts' then cells.column_code <> 'total' end as without_total
from identity_terms
inner join cells_of_the_form as cells using (form_table)
where cells.line_code = coalesce(identity_terms.line_code, cells.line_code)
    and (
        cells.column_code = coalesce(identity_terms.column_code, cells.column_code)
        or identity_terms.reading = 'total_or_parts'
    )
    -- no synthetic report prints a line beside its parts
    and coalesce(identity_terms.reading, '') <> 'subtotal'
