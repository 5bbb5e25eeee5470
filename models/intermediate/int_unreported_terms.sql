-- Per check, its terms that hold no number: how many of which kind, and their names.
with unreported_cells as (

    select * from {{ ref('int_unreported_cells') }}

),

restated_cells as (

    select * from {{ ref('int_restated_cells') }}

),

report_pairs as (

    select * from {{ ref('int_report_pairs') }}

),

identities as (

    select * from {{ ref('identities') }}

),

identity_terms as (

    select * from {{ ref('identity_terms') }}

),

measures as (

    select distinct
        measure_code,
        kind = 'change' as is_signed
    from {{ ref('int_measures') }}

),

-- what last year's report restated since is no number to compare with this year's
cells as (

    select
        *,
        0 as year_offset
    from unreported_cells
    union all
    select
        *,
        -1 as year_offset
    from unreported_cells
    union all
    select
        *,
        'restated' as value_status,
        false as is_subtotal,
        -1 as year_offset
    from restated_cells

),

terms as (

    select
        report_pairs.report_id,
        identities.identity_id,
        case identities.slice_by
            when 'column' then cells.column_code
            when 'line' then cells.line_code
            else 'all'
        end as slice,
        case identities.slice_by
            when 'column' then cells.line_code
            when 'line' then cells.column_code
            else coalesce(nullif(cells.column_code, 'total'), cells.line_code)
        end
        || case when cells.year_offset = -1 then ' last year' else '' end as term_name,
        cells.value_status,
        cells.value_status in ('blank', 'not_applicable') as is_empty,
        identity_terms.side,
        identity_terms.coefficient > 0 or coalesce(measures.is_signed, false) as can_raise,
        identity_terms.coefficient < 0 or coalesce(measures.is_signed, false) as can_lower,
        identity_terms.when_absent,
        identity_terms.term_order
    from cells
    inner join identity_terms
        on
            cells.form_table = identity_terms.form_table
            and cells.year_offset = identity_terms.year_offset
            and cells.line_code = coalesce(identity_terms.line_code, cells.line_code)
            and cells.column_code = coalesce(identity_terms.column_code, cells.column_code)
    inner join identities on identity_terms.identity_id = identities.identity_id
    inner join report_pairs
        on
            cells.report_id = report_pairs.source_report_id
            and identity_terms.scope = report_pairs.scope
            and identity_terms.year_offset = report_pairs.year_offset
    left join measures
        on cells.form_table = 'disclosures' and cells.column_code = measures.measure_code
    -- a subtotal is checked across its own row, and added to nothing
    where
        not cells.is_subtotal
        or (identities.form_table = 'requests' and identities.slice_by = 'line' and identities.family <> 'rollup')

),

named_terms as (

    select
        report_id,
        identity_id,
        slice,
        value_status,
        {{ dbt.listagg('term_name', "', '", 'order by term_order') }} as term_names
    from terms
    group by report_id, identity_id, slice, value_status

),

reasons as (

    select
        report_id,
        identity_id,
        slice,
        {{ dbt.listagg("value_status || ': ' || term_names", "'; '", 'order by value_status') }} as reason
    from named_terms
    group by report_id, identity_id, slice

),

counts as (

    select
        report_id,
        identity_id,
        slice,
        count(case when is_empty then 1 end) as empty_terms,
        -- a number in one of these could raise left less right, in one of those lower it
        count(case when is_empty and can_raise then 1 end) as raising_terms,
        count(case when is_empty and can_lower then 1 end) as lowering_terms,
        count(case when is_empty and side = 'left' then 1 end) as empty_left_terms,
        count(case when is_empty and side = 'right' then 1 end) as empty_right_terms,
        count(case when value_status in ('unreadable', 'contradictory', 'restated') then 1 end) as unreadable_terms,
        count(case when value_status = 'absent' and when_absent = 'not_assessable' then 1 end) as missing_terms
    from terms
    group by report_id, identity_id, slice

),

final as (

    select
        counts.*,
        reasons.reason
    from counts
    inner join reasons
        on
            counts.report_id = reasons.report_id
            and counts.identity_id = reasons.identity_id
            and counts.slice = reasons.slice

)

select * from final
