-- The identities of table 三 that are checked wide, all its columns side by side, and which of them look at nothing
-- but the table itself: their gaps are told by pattern (int_gap_patterns).
with identities as (

    select * from {{ ref('identities') }}
    where form_table = 'requests' and family <> 'rollup'

),

identity_terms as (

    select * from {{ ref('identity_terms') }}

),

final as (

    select
        identities.identity_id,
        identities.slice_by,
        min(case when identity_terms.scope = 'own' and identity_terms.year_offset = 0 then 1 else 0 end) = 1
            as is_within_table
    from identities
    inner join identity_terms on identities.identity_id = identity_terms.identity_id
    group by identities.identity_id, identities.slice_by

)

select * from final
