with raw_narrative_figures as (

    select * from {{ ref('raw_narrative_figures') }}

),

final as (

    select
        report_id,
        figure_code,
        printed,
        locator
    from raw_narrative_figures

)

select * from final
