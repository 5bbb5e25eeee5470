-- In each of its slices a term is one cell, and some report has checks of every identity: the dimension that an
-- identity is sliced by is left empty in its terms, and the other one is given.
with identities as (

    select * from {{ ref('identities') }}

),

identity_terms as (

    select * from {{ ref('identity_terms') }}

),

terms as (

    select
        identity_terms.*,
        identities.slice_by,
        identities.form_table as checked_table
    from identity_terms
    inner join identities on identity_terms.identity_id = identities.identity_id

),

identities_checked as (

    select distinct identity_id
    from terms
    where side = 'left' and scope = 'own' and year_offset = 0 and form_table = checked_table

),

faults as (

    {% for fault, condition in {
        'names no line, and is not sliced by it': "slice_by <> 'line' and line_code is null",
        'names no column, and is not sliced by it': "slice_by <> 'column' and column_code is null",
        'names a line, and is sliced by it': "slice_by = 'line' and line_code is not null",
        'names a column, and is sliced by it': "slice_by = 'column' and column_code is not null",
        'sliced by a line or column of another table': "slice_by <> 'all' and form_table <> checked_table",
        'in a year that is neither the same nor the last': "year_offset is null or year_offset not in (0, -1)",
        'of members of another year': "scope = 'members' and year_offset <> 0",
        'reads a subtotal, and is of members or sliced by line': (
            "reading = 'subtotal' and (form_table <> 'requests' or scope = 'members' or slice_by = 'line')"
        ),
        'reads a total or its parts, and names no total of the report or of last year': (
            "reading = 'total_or_parts' and (scope = 'members' or coalesce(column_code, '') <> 'total')"
        ),
    }.items() %}
        select
            identity_id,
            term_order,
            '{{ fault }}' as fault
        from terms
        where {{ condition }}
        union all
    {% endfor %}
    select
        parts.identity_id,
        parts.term_order,
        'reads a part of a row that another term reads for its total' as fault
    from terms as parts
    inner join terms as totals
        on
            parts.identity_id = totals.identity_id
            and parts.scope = totals.scope
            and parts.year_offset = totals.year_offset
            and parts.form_table = totals.form_table
            and coalesce(parts.line_code, '') = coalesce(totals.line_code, '')
            and parts.term_order <> totals.term_order
    where totals.reading = 'total_or_parts' and totals.column_code = 'total'
    union all
    select
        identities.identity_id,
        cast(null as integer) as term_order,
        'no cell of the report itself is on the left' as fault
    from identities
    left join identities_checked on identities.identity_id = identities_checked.identity_id
    where identities_checked.identity_id is null

)

select * from faults
