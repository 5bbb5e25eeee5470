-- The terms of every identity spelled out, cell by cell of the form, so that cells find their terms by their names;
-- and by which model the identity is evaluated. Any shape is, cell by cell (int_checks_by_cell). Some are faster with
-- the columns of a table side by side: down the columns of table 三, along a row, and roll-ups of table 三, line by
-- line.
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
        applicant_types.applicant_type as column_code,
        applicant_types.kind = 'leaf' as is_part_of_row
    from form_lines
    cross join applicant_types
    where form_lines.form_table = 'requests'
    union all
    select distinct
        form_lines.form_table,
        form_lines.line_code,
        channels_results.code as column_code,
        channels_results.kind = 'leaf' as is_part_of_row
    from form_lines
    cross join channels_results
    where form_lines.form_table = 'reviews' and channels_results.dimension = 'result'
    union all
    select distinct
        'disclosures' as form_table,
        line_code,
        measure_code as column_code,
        false as is_part_of_row
    from form_cells
    union all
    select
        'narrative' as form_table,
        figure_code as line_code,
        'stated' as column_code,
        false as is_part_of_row
    from figures

),

shapes as (

    select
        identities.identity_id,
        count(*) as terms,
        count(distinct identity_terms.line_code) as lines,
        count(distinct identity_terms.column_code) as columns,
        count(identity_terms.line_code) as terms_with_line,
        count(identity_terms.reading) as terms_with_reading,
        max(case when identity_terms.reading = 'total_or_parts' then 1 else 0 end) = 1 as may_read_parts,
        max(case when identity_terms.scope = 'members' then 1 else 0 end) = 1 as has_members,
        -- of one table and one report, for both layouts
        max(case
            when
                identity_terms.form_table <> identities.form_table
                or identity_terms.year_offset <> 0
                or identities.layout is not null
                then 1
            else 0
        end) = 0 as is_within_table,
        min(case
            when identity_terms.side = 'left' and identity_terms.scope = 'own' then identity_terms.coefficient
        end) as left_coefficient,
        min(case
            when identity_terms.side = 'right' and identity_terms.scope = 'members' then identity_terms.coefficient
        end) as members_coefficient
    from identities
    inner join identity_terms on identities.identity_id = identity_terms.identity_id
    group by identities.identity_id

),

evaluations as (

    select
        identities.*,
        shapes.has_members,
        case
            when not shapes.is_within_table or shapes.may_read_parts then 'cell'
            when identities.form_table = 'requests' and identities.slice_by = 'column' and not shapes.has_members
                then 'column'
            when shapes.terms_with_reading > 0 then 'cell'
            when
                identities.form_table = 'requests' and identities.slice_by = 'line' and not shapes.has_members
                and shapes.columns = shapes.terms
                then 'row'
            when
                identities.form_table = 'reviews' and identities.slice_by = 'all' and not shapes.has_members
                and shapes.columns = shapes.terms and shapes.terms_with_line = shapes.terms and shapes.lines = 1
                then 'row'
            when
                identities.form_table = 'requests' and identities.slice_by = 'line' and shapes.terms = 2
                and shapes.columns = 1 and shapes.left_coefficient = 1 and shapes.members_coefficient = -1
                then 'rollup'
            else 'cell'
        end as evaluated_by
    from identities
    inner join shapes on identities.identity_id = shapes.identity_id

),

-- a term that reads a row's total or its parts is each of these cells, and named as the total
terms as (

    select
        cells.form_table,
        cells.line_code,
        cells.column_code,
        case when identity_terms.reading = 'total_or_parts' then identity_terms.column_code else cells.column_code end
            as named_column_code,
        identity_terms.identity_id,
        identity_terms.side,
        identity_terms.scope,
        identity_terms.year_offset,
        identity_terms.term_order,
        identity_terms.coefficient,
        identity_terms.when_absent,
        identity_terms.reading
    from cells
    inner join identity_terms
        on
            cells.form_table = identity_terms.form_table
            and cells.line_code = coalesce(identity_terms.line_code, cells.line_code)
            and (
                cells.column_code = coalesce(identity_terms.column_code, cells.column_code)
                or (cells.is_part_of_row and coalesce(identity_terms.reading, '') = 'total_or_parts')
            )

),

final as (

    select
        terms.form_table,
        terms.line_code,
        terms.column_code,
        identities.identity_id,
        identities.family,
        identities.layout,
        identities.form_table = 'narrative' as is_of_the_prose,
        identities.has_members,
        identities.evaluated_by,
        case identities.slice_by
            when 'column' then terms.column_code
            when 'line' then terms.line_code
            else 'all'
        end as slice,
        identities.slice_by,
        terms.side,
        terms.scope,
        terms.year_offset,
        terms.term_order,
        terms.coefficient,
        {{ missing_value_weight('terms.term_order', 'identities.evaluated_by') }} as missing_value_weight,
        terms.when_absent,
        -- a subtotal is checked across its own row and against its parts, and else added to nothing
        case
            when terms.reading = 'subtotal' then 'only'
            when identities.form_table = 'requests' and identities.slice_by = 'line' and not identities.has_members
                then 'taken'
            else 'left_out'
        end as subtotals,
        case when terms.reading = 'total_or_parts' then terms.column_code <> terms.named_column_code end
            as without_total,
        -- what a number in the cell could do to left less right
        terms.coefficient > 0 or coalesce(measures.kind = 'change', false) as can_raise,
        terms.coefficient < 0 or coalesce(measures.kind = 'change', false) as can_lower,
        case identities.slice_by
            when 'column' then terms.line_code
            when 'line' then terms.named_column_code
            else coalesce(nullif(terms.named_column_code, 'total'), terms.line_code)
        end
        || case when terms.year_offset = -1 then ' last year' else '' end as term_name
    from terms
    inner join evaluations as identities on terms.identity_id = identities.identity_id
    left join measures on terms.form_table = 'disclosures' and terms.column_code = measures.measure_code

)

select * from final
