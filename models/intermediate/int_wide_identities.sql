-- The identities that are checked wide, the columns of a table side by side: those of table 三, and those that look at
-- one row of table 四 and nothing else. The gaps of those that look at nothing but their own table are told by pattern
-- (int_gap_patterns).
with identities as (

    select * from {{ ref('identities') }}
    where
        family <> 'rollup'
        and (form_table = 'requests' or form_table = 'reviews' and slice_by = 'all' and layout is null)

),

identity_terms as (

    select * from {{ ref('identity_terms') }}

),

final as (

    select
        identities.identity_id,
        identities.form_table,
        identities.slice_by,
        min(case when identity_terms.scope = 'own' and identity_terms.year_offset = 0 then 1 else 0 end) = 1
            as is_within_table
    from identities
    inner join identity_terms on identities.identity_id = identity_terms.identity_id
    group by identities.identity_id, identities.form_table, identities.slice_by
    having
        identities.form_table = 'requests'
        or min(case
            when identity_terms.form_table = 'reviews' and identity_terms.scope = 'own' and identity_terms.year_offset = 0
                then 1
            else 0
        end) = 1
        and count(distinct identity_terms.line_code) = 1
        and count(identity_terms.line_code) = count(*)

)

select * from final
