-- Per check, its terms that hold no number: how many of which kind, and their names.
with unreported_cells as (

    select * from {{ ref('int_unreported_cells') }}

),

identities as (

    select * from {{ ref('identities') }}

),

identity_terms as (

    select * from {{ ref('identity_terms') }}

),

terms as (

    select
        unreported_cells.report_id,
        identities.identity_id,
        case identities.slice_by
            when 'column' then unreported_cells.column_code
            when 'line' then unreported_cells.line_code
            else 'all'
        end as slice,
        case identities.slice_by
            when 'column' then unreported_cells.line_code
            else unreported_cells.column_code
        end as term_name,
        unreported_cells.value_status,
        identity_terms.side,
        identity_terms.coefficient,
        identity_terms.when_absent,
        identity_terms.term_order
    from unreported_cells
    inner join identity_terms
        on
            unreported_cells.form_table = identity_terms.form_table
            and unreported_cells.line_code = coalesce(identity_terms.line_code, unreported_cells.line_code)
            and unreported_cells.column_code = coalesce(identity_terms.column_code, unreported_cells.column_code)
    inner join identities on identity_terms.identity_id = identities.identity_id

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
        count(case when value_status in ('blank', 'not_applicable') then 1 end) as empty_terms,
        -- a number in one of these would raise left less right, in one of those lower it
        count(case when value_status in ('blank', 'not_applicable') and coefficient > 0 then 1 end) as raising_terms,
        count(case when value_status in ('blank', 'not_applicable') and coefficient < 0 then 1 end) as lowering_terms,
        count(case when value_status in ('blank', 'not_applicable') and side = 'left' then 1 end) as empty_left_terms,
        count(case when value_status in ('blank', 'not_applicable') and side = 'right' then 1 end) as empty_right_terms,
        count(case when value_status = 'unreadable' then 1 end) as unreadable_terms,
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
