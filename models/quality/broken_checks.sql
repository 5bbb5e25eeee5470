{{ by_report('int_touched_reports', 'has_new_checks', has_years=true) }}

-- The checks that are broken: few among many, and asked for more often than the rest.
with checks as (

    select * from {{ rows_touched(ref('fct_identity_checks'), 'int_touched_reports', 'has_new_checks') }}

),

final as (

    select
        report_id,
        agency_id,
        report_year,
        identity_id,
        slice,
        lhs,
        rhs,
        difference,
        is_acknowledged
    from checks
    where status = 'broken'

)

select * from final
