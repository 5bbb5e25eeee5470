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
        identities.identity_id,
        cast(null as integer) as term_order,
        'no cell of the report itself is on the left' as fault
    from identities
    left join identities_checked on identities.identity_id = identities_checked.identity_id
    where identities_checked.identity_id is null

)

select * from faults
