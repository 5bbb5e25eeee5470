{{ config(materialized='view') }}

-- The printed text of every cell of the three tables, one row each.
with requests as (

    select * from {{ ref('stg_requests') }}

),

reviews as (

    select * from {{ ref('stg_reviews') }}

),

disclosures as (

    select * from {{ ref('stg_disclosures') }}

),

final as (

    {{ printed_cells_of('requests', 'reviews', 'disclosures') }}

)

select * from final
