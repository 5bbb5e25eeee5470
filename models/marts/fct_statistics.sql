-- The annex of reports before 2019. No row of it is a row of today's form: seeds/reference/statistic_bridge.csv says
-- what may be laid beside what.
with cells as (

    select * from {{ ref('int_statistic_cells') }}

),

final as (

    select
        report_id,
        agency_id,
        report_year,
        layout,
        indicator_code,
        column_code,
        unit,
        value,
        value_status,
        label,
        printed_unit,
        printed,
        is_consolidated
    from cells

)

select * from final
