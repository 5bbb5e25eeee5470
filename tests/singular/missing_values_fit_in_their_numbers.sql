-- A check's missing values are a digit for each term and a count for members (macros/missing_values.sql): so many terms
-- and so many members can be told apart.
with identity_terms as (

    select * from {{ ref('int_identity_terms') }}

),

check_sources as (

    select * from {{ ref('int_check_sources') }}
    where scope = 'members'

),

final as (

    select
        identity_id as what,
        'has more terms than digits' as fault,
        max(term_order) as terms_or_members
    from identity_terms
    group by identity_id
    having max(case when evaluated_by = 'cell' then term_order end) > 12 or max(term_order) > 24
    union all
    select
        report_id as what,
        'adds up more than 9,999 members' as fault,
        count(*) as terms_or_members
    from check_sources
    group by report_id
    having count(*) > 9999

)

select * from final
