{{ by_year('has_new_checks') }}

-- For every identity and year, how many checks were made and how they ended. The rate is over the checks that
-- could be made; those that could not are counted by reason.
{% set reasons = [
    'last year', 'members', 'contradictory', 'restated', 'unreadable', 'absent', 'not_applicable', 'blank'
] %}

with all_checks as (

    select * from {{ rows_of_years(ref('fct_identity_checks'), 'has_new_checks') }}

),

-- a reason can name several: the first of these is what decided, the rest only stood by
checks as (

    select
        *,
        case
            when status <> 'not_assessable' then null
            {% for reason in reasons %}
                when reason like '%{{ reason }}: %' then '{{ reason }}'
            {% endfor %}
        end as reason_class
    from all_checks

),

identities as (

    select * from {{ ref('identities') }}

),

-- rows of these were split by their own sums, so that the sums prove little
decoded_reports as (

    select * from {{ ref('report_evidence') }}
    where evidence = 'decoded'

),

final as (

    select
        checks.identity_id,
        identities.family,
        identities.severity,
        checks.report_year,
        count(*) as checks,
        count(case when checks.status <> 'not_assessable' then 1 end) as assessable,
        count(case when checks.status = 'holds' then 1 end) as held,
        count(case when checks.status = 'holds_if_blank_is_zero' then 1 end) as held_if_blank_is_zero,
        count(case when checks.status = 'broken' then 1 end) as broken,
        count(case when checks.is_acknowledged then 1 end) as acknowledged,
        count(case when checks.status = 'not_assessable' then 1 end) as not_assessable,
        {% for reason in reasons %}
            count(case when checks.reason_class = '{{ reason }}' then 1 end)
                as not_assessable_{{ reason | replace(' ', '_') }},
        {% endfor %}
        count(case when checks.status <> 'not_assessable' and decoded_reports.report_id is null then 1 end)
            as assessable_as_printed,
        count(
            case
                when checks.status in ('holds', 'holds_if_blank_is_zero') and decoded_reports.report_id is null then 1
            end
        ) as held_as_printed,
        cast(count(case when checks.status in ('holds', 'holds_if_blank_is_zero') then 1 end) as double)
        / nullif(count(case when checks.status <> 'not_assessable' then 1 end), 0) as held_rate
    from checks
    inner join identities on checks.identity_id = identities.identity_id
    left join decoded_reports on checks.report_id = decoded_reports.report_id
    group by checks.identity_id, identities.family, identities.severity, checks.report_year

)

select * from final
