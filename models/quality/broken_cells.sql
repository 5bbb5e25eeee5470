-- Every cell that a broken identity touches.
with checks as (

    select * from {{ ref('fct_identity_checks') }}

),

identities as (

    select * from {{ ref('identities') }}

),

identity_terms as (

    select * from {{ ref('identity_terms') }}

),

final as (

    select
        checks.report_id,
        identity_terms.form_table,
        case when identities.slice_by = 'line' then checks.slice else identity_terms.line_code end as line_code,
        case when identities.slice_by = 'column' then checks.slice else identity_terms.column_code end as column_code,
        count(*) as broken_checks
    from checks
    inner join identities on checks.identity_id = identities.identity_id
    inner join identity_terms on checks.identity_id = identity_terms.identity_id
    where checks.status = 'broken'
    group by 1, 2, 3, 4

)

select * from final
