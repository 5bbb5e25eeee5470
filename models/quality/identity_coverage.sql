-- For every identity and year, how many checks were made and how they ended. The rate is over the checks that
-- could be made; those that could not are counted by reason.
{% set reasons = [
    'last year', 'members', 'contradictory', 'unreadable', 'absent', 'not_applicable', 'blank', 'undistributed'
] %}

with all_checks as (

    select * from {{ ref('fct_identity_checks') }}

),

-- rows of these were split by their own sums, so that the sums prove little
decoded_reports as (

    select * from {{ ref('report_evidence') }}
    where evidence = 'decoded'

),

identities as (

    select * from {{ ref('identities') }}

),

-- millions of checks end in some thousand ways
ways_to_end as (

    select
        all_checks.identity_id,
        all_checks.report_year,
        all_checks.status,
        all_checks.reason,
        all_checks.is_acknowledged,
        decoded_reports.report_id is null as is_as_printed,
        count(*) as checks
    from all_checks
    left join decoded_reports on all_checks.report_id = decoded_reports.report_id
    group by
        all_checks.identity_id,
        all_checks.report_year,
        all_checks.status,
        all_checks.reason,
        all_checks.is_acknowledged,
        decoded_reports.report_id is null

),

-- a reason can name several: the first of these is what decided, the rest only stood by
ways_by_reason as (

    select
        *,
        case
            when status <> 'not_assessable' then null
            {% for reason in reasons %}
                when reason like '%{{ reason }}: %' then '{{ reason }}'
            {% endfor %}
        end as reason_class
    from ways_to_end

),

{% set counts = {
    'checks': 'true',
    'assessable': "status <> 'not_assessable'",
    'held': "status = 'holds'",
    'held_if_blank_is_zero': "status = 'holds_if_blank_is_zero'",
    'broken': "status = 'broken'",
    'acknowledged': 'is_acknowledged',
    'not_assessable': "status = 'not_assessable'",
} %}
{% for reason in reasons %}
    {% do counts.update({'not_assessable_' ~ reason | replace(' ', '_'): "reason_class = '" ~ reason ~ "'"}) %}
{% endfor %}
{% do counts.update({
    'assessable_as_printed': "status <> 'not_assessable' and is_as_printed",
    'held_as_printed': "status in ('holds', 'holds_if_blank_is_zero') and is_as_printed",
}) %}
counted as (

    select
        identity_id,
        report_year,
        {% for name, condition in counts.items() %}
            cast(sum(case when {{ condition }} then checks else 0 end) as bigint)
                as {{ name }}{% if not loop.last %},{% endif %}

        {% endfor %}
    from ways_by_reason
    group by identity_id, report_year

),

final as (

    select
        counted.identity_id,
        identities.family,
        identities.severity,
        counted.report_year,
        {% for name in counts %}
            counted.{{ name }},
        {% endfor %}
        cast(counted.held + counted.held_if_blank_is_zero as double) / nullif(counted.assessable, 0) as held_rate
    from counted
    inner join identities on counted.identity_id = identities.identity_id

)

select * from final
