-- The verdict on every identity of the annex before 2019, one row for each report, identity and slice. An identity is
-- asked where the report prints its left side and, of parts that not every form has, one at least.
with cells as (

    select * from {{ ref('int_statistic_cells') }}

),

identities as (

    select * from {{ ref('statistic_identities') }}

),

terms as (

    select * from {{ ref('statistic_identity_terms') }}

),

checks as (

    select distinct
        cells.report_id,
        cells.agency_id,
        cells.report_year,
        identities.identity_id,
        identities.slice_by,
        identities.relation,
        case identities.slice_by when 'column' then cells.column_code else cells.indicator_code end as slice
    from cells
    inner join terms
        on
            cells.indicator_code = coalesce(terms.indicator_code, cells.indicator_code)
            and cells.column_code = coalesce(terms.column_code, cells.column_code)
    inner join identities on terms.identity_id = identities.identity_id
    where terms.side = 'left' and terms.year_offset = 0 and cells.value_status <> 'absent'

),

asked_terms as (

    select
        checks.*,
        terms.term_order,
        terms.side,
        terms.year_offset,
        terms.when_absent,
        coalesce(terms.indicator_code, checks.slice) as indicator_code,
        coalesce(terms.column_code, checks.slice) as column_code
    from checks
    inner join terms on checks.identity_id = terms.identity_id

),

found_terms as (

    select
        asked_terms.*,
        cells.value,
        coalesce(cells.value_status, 'absent') as value_status
    from asked_terms
    left join cells
        on
            asked_terms.agency_id = cells.agency_id
            and asked_terms.report_year + asked_terms.year_offset = cells.report_year
            and asked_terms.indicator_code = cells.indicator_code
            and asked_terms.column_code = cells.column_code

),

{% set is_empty = "value_status in ('blank', 'not_applicable')" %}
{% set kinds = {
    'empty': is_empty,
    'raising': "value_status = 'blank' and side = 'left'",
    'lowering': "value_status = 'blank' and side = 'right'",
    'empty_left': is_empty ~ " and side = 'left'",
    'empty_right': is_empty ~ " and side = 'right'",
    'unreadable': "value_status = 'unreadable'",
    'missing': "value_status = 'absent' and when_absent = 'not_assessable'",
} %}
sides as (

    select
        report_id,
        agency_id,
        report_year,
        identity_id,
        slice,
        relation,
        sum(case when side = 'left' then value end) as lhs,
        sum(case when side = 'right' then value end) as rhs,
        {% for kind, condition in kinds.items() %}
            sum(case when {{ condition }} then 1 else 0 end) as {{ kind }}_terms{% if not loop.last %},{% endif %}

        {% endfor %}
    from found_terms
    group by report_id, agency_id, report_year, identity_id, slice, relation
    having
        max(case
            when side = 'right' and (value_status <> 'absent' or when_absent = 'not_assessable') then 1
            else 0
        end) = 1

),

reasons as (

    select
        report_id,
        identity_id,
        slice,
        {{ dbt.listagg(
            "concat(value_status, ': ', indicator_code, case when year_offset = 0 then '' else ' of last year' end)",
            "'; '", 'order by term_order'
        ) }} as reason
    from found_terms
    where value_status not in ('reported', 'absent') or (value_status = 'absent' and when_absent = 'not_assessable')
    group by report_id, identity_id, slice

),

compared as (

    select
        sides.*,
        case
            when sides.relation = 'at_most' and coalesce(sides.lhs, 0) <= coalesce(sides.rhs, 0) then 0
            else coalesce(sides.lhs, 0) - coalesce(sides.rhs, 0)
        end as difference
    from sides

),

verdicts as (

    select
        *,
        {{ identity_verdict() }} as status
    from compared

),

final as (

    select
        verdicts.report_id,
        verdicts.agency_id,
        verdicts.report_year,
        verdicts.identity_id,
        verdicts.slice,
        cast(verdicts.lhs as decimal(28, 4)) as lhs,
        cast(verdicts.rhs as decimal(28, 4)) as rhs,
        cast(
            case when verdicts.lhs is not null and verdicts.rhs is not null then verdicts.difference end
            as decimal(28, 4)
        ) as difference,
        verdicts.status,
        reasons.reason
    from verdicts
    left join reasons
        on
            verdicts.report_id = reasons.report_id
            and verdicts.identity_id = reasons.identity_id
            and verdicts.slice = reasons.slice

)

select * from final
