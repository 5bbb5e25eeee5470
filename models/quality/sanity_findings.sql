-- What no identity sees but a reader would stumble over, one row each. Findings, never verdicts.
with report_findings as (

    select * from {{ ref('int_report_findings') }}

),

copied_tables as (

    select * from {{ ref('int_copied_tables') }}

),

jumps as (

    select * from {{ ref('int_jumps') }}

),

left_zero as (

    select * from {{ ref('int_left_zero') }}

),

unusual_counts as (

    select * from jumps
    union all
    select * from left_zero

),

unusual_amounts as (

    select * from {{ ref('int_unusual_amounts') }}

),

final as (

    select
        report_id,
        sanity_check_id,
        form_table,
        line_code,
        column_code,
        cast(null as decimal(28, 4)) as value,
        cast(null as decimal(28, 4)) as usual_value,
        cast(null as {{ dbt.type_string() }}) as other_report_id
    from report_findings
    union all
    select
        report_id,
        sanity_check_id,
        form_table,
        'all' as line_code,
        'all' as column_code,
        cast(null as decimal(28, 4)) as value,
        cast(null as decimal(28, 4)) as usual_value,
        other_report_id
    from copied_tables
    union all
    select
        report_id,
        sanity_check_id,
        form_table,
        line_code,
        column_code,
        cast(value as decimal(28, 4)) as value,
        cast(usual_value as decimal(28, 4)) as usual_value,
        cast(null as {{ dbt.type_string() }}) as other_report_id
    from unusual_counts
    union all
    select
        report_id,
        sanity_check_id,
        form_table,
        line_code,
        column_code,
        value,
        cast(usual_value as decimal(28, 4)) as usual_value,
        cast(null as {{ dbt.type_string() }}) as other_report_id
    from unusual_amounts

)

select * from final
