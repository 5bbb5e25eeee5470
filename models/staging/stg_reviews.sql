with raw_reviews as (

    select * from {{ ref('raw_reviews') }}

),

final as (

    select
        report_id,
        channel,
        {{ result_columns() | join(',\n        ') }}
    from raw_reviews

)

select * from final
