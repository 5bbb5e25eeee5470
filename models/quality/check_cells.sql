-- The checks that can be made on each cell of the reports around a break: what a change of the cell does to
-- each of them.
with broken_cells as (

    select * from {{ ref('broken_cells') }}

),

cells as (

    select * from {{ ref('int_cells') }}
    where value_status = 'reported'

),

checks as (

    select * from {{ ref('fct_identity_checks') }}
    where status <> 'not_assessable'

),

identities as (

    select * from {{ ref('identities') }}

),

identity_terms as (

    select * from {{ ref('identity_terms') }}

),

report_pairs as (

    select * from {{ ref('int_report_pairs') }}

),

reports_around as (

    select distinct report_id
    from broken_cells

),

cells_around as (

    select cells.*
    from cells
    inner join reports_around on cells.report_id = reports_around.report_id

),

checks_around as (

    select checks.*
    from checks
    inner join report_pairs on checks.report_id = report_pairs.report_id
    inner join reports_around on report_pairs.source_report_id = reports_around.report_id
    qualify row_number() over (
        partition by checks.report_id, checks.identity_id, checks.slice order by report_pairs.source_report_id
    ) = 1

),

final as (

    select
        cells_around.report_id,
        cells_around.form_table,
        cells_around.line_code,
        cells_around.column_code,
        cells_around.value,
        checks_around.report_id as check_report_id,
        checks_around.identity_id,
        checks_around.slice,
        checks_around.status = 'broken' as is_broken,
        cast(coalesce(checks_around.lhs, 0) - coalesce(checks_around.rhs, 0) as decimal(28, 4)) as gap,
        identity_terms.coefficient
    from cells_around
    inner join identity_terms
        on
            cells_around.form_table = identity_terms.form_table
            and cells_around.line_code = coalesce(identity_terms.line_code, cells_around.line_code)
            and cells_around.column_code = coalesce(identity_terms.column_code, cells_around.column_code)
    inner join identities on identity_terms.identity_id = identities.identity_id
    inner join report_pairs
        on
            cells_around.report_id = report_pairs.source_report_id
            and identity_terms.scope = report_pairs.scope
            and identity_terms.year_offset = report_pairs.year_offset
    inner join checks_around
        on
            report_pairs.report_id = checks_around.report_id
            and identity_terms.identity_id = checks_around.identity_id
            and checks_around.slice = case identities.slice_by
                when 'column' then cells_around.column_code
                when 'line' then cells_around.line_code
                else 'all'
            end
    -- a subtotal is checked across its own row, and added to nothing
    where
        not cells_around.is_subtotal
        or (identities.form_table = 'requests' and identities.slice_by = 'line' and identities.family <> 'rollup')

)

select * from final
