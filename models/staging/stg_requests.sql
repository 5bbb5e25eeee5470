with raw_requests as (

    select * from {{ ref('raw_requests') }}

),

final as (

    select
        report_id,
        line_code,
        {{ applicant_columns() | join(',\n        ') }}
    from raw_requests

)

select * from final
