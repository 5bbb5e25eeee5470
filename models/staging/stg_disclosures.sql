with raw_disclosures as (

    select * from {{ ref('raw_disclosures') }}

),

final as (

    select
        report_id,
        line_code,
        measure_code,
        printed
    from raw_disclosures

)

select * from final
