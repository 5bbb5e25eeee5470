-- The terms of every identity spelled out, cell by cell of the form, so that cells find their terms by their names.
with identities as (

    select * from {{ ref('identities') }}

),

identity_terms as (

    select * from {{ ref('identity_terms') }}

),

form_lines as (

    select * from {{ ref('form_lines') }}

),

applicant_types as (

    select * from {{ ref('applicant_types') }}

),

channels_results as (

    select * from {{ ref('channels_results') }}

),

form_cells as (

    select * from {{ ref('form_cells') }}

),

figures as (

    select * from {{ ref('figures') }}

),

wide_identities as (

    select * from {{ ref('int_wide_identities') }}

),

measures as (

    select distinct
        measure_code,
        kind
    from {{ ref('int_measures') }}

),

cells as (

    select distinct
        form_lines.form_table,
        form_lines.line_code,
        applicant_types.applicant_type as column_code
    from form_lines
    cross join applicant_types
    where form_lines.form_table = 'requests'
    union all
    select distinct
        form_lines.form_table,
        form_lines.line_code,
        channels_results.code as column_code
    from form_lines
    cross join channels_results
    where form_lines.form_table = 'reviews' and channels_results.dimension = 'result'
    union all
    select distinct
        'disclosures' as form_table,
        line_code,
        measure_code as column_code
    from form_cells
    union all
    select
        'narrative' as form_table,
        figure_code as line_code,
        'stated' as column_code
    from figures

),

final as (

    select
        cells.form_table,
        cells.line_code,
        cells.column_code,
        identities.identity_id,
        identities.family,
        identities.layout,
        coalesce(wide_identities.is_within_table, false) as is_within_table,
        identities.form_table = 'requests' and identities.family = 'rollup'
        or wide_identities.identity_id is not null
        and (wide_identities.is_within_table or identities.slice_by = 'column') as is_summed_wide,
        case identities.slice_by
            when 'column' then cells.column_code
            when 'line' then cells.line_code
            else 'all'
        end as slice,
        identities.slice_by,
        identity_terms.side,
        identity_terms.scope,
        identity_terms.year_offset,
        identity_terms.term_order,
        identity_terms.coefficient,
        identity_terms.when_absent,
        -- a subtotal is checked across its own row, and added to nothing
        identities.form_table = 'requests' and identities.slice_by = 'line' and identities.family <> 'rollup'
            as takes_subtotals,
        -- what a number in the cell could do to left less right
        identity_terms.coefficient > 0 or coalesce(measures.kind = 'change', false) as can_raise,
        identity_terms.coefficient < 0 or coalesce(measures.kind = 'change', false) as can_lower,
        case identities.slice_by
            when 'column' then cells.line_code
            when 'line' then cells.column_code
            else coalesce(nullif(cells.column_code, 'total'), cells.line_code)
        end
        || case when identity_terms.year_offset = -1 then ' last year' else '' end as term_name
    from cells
    inner join identity_terms
        on
            cells.form_table = identity_terms.form_table
            and cells.line_code = coalesce(identity_terms.line_code, cells.line_code)
            and cells.column_code = coalesce(identity_terms.column_code, cells.column_code)
    inner join identities on identity_terms.identity_id = identities.identity_id
    left join wide_identities on identities.identity_id = wide_identities.identity_id
    left join measures on cells.form_table = 'disclosures' and cells.column_code = measures.measure_code

)

select * from final
