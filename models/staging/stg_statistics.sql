with raw_statistics as (

    select * from {{ ref('raw_statistics') }}

),

final as (

    select
        report_id,
        cast(row_number as integer) as row_number,
        label,
        indicator_code,
        column_code,
        unit,
        printed
    from raw_statistics

)

select * from final
