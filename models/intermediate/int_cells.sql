-- Every cell of the three tables and every figure in the prose, one row each: its number and its status.
with request_rows as (

    select * from {{ ref('int_request_rows') }}

),

review_rows as (

    select * from {{ ref('int_review_rows') }}

),

disclosure_cells as (

    select * from {{ ref('int_disclosure_cells') }}

),

narrative_figures as (

    select * from {{ ref('int_narrative_figures') }}

),

final as (

    {{ cells_of('request_rows', 'review_rows', 'disclosure_cells', 'narrative_figures') }}

)

select * from final
