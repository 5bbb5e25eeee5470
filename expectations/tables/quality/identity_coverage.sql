-- The checks of an identity and year, counted by how they ended; of several reasons the weightiest decides.
{% set key = ['identity_id', 'report_year'] %}
{% set title_zh = 'identity_coverage 与各项检查的计数一致' %}
{% set title_en = 'identity_coverage counts the checks of an identity and year' %}
{% set reasons = [
    'last year', 'members', 'contradictory', 'unreadable', 'absent', 'not_applicable', 'blank', 'undistributed'
] %}
with ends as (
    select
        identity_id, report_year, status, is_acknowledged, is_as_printed, checks,
        if(status = 'not_assessable', list_extract(list_filter(
            [{% for reason in reasons %}'{{ reason }}'{{ ', ' if not loop.last }}{% endfor %}],
            name -> contains(reason, name || ': ')
        ), 1), null) as class
    from (
        select
            identity_id, report_year, status, reason, is_acknowledged,
            report_id not in (select report_id from stewardship.report_evidence where evidence = 'decoded')
                as is_as_printed,
            count(*) as checks
        from quality.fct_identity_checks
        group by all
    )
),

counted as (
    select
        identity_id, report_year,
        {% for name, condition in {
            'checks': 'true',
            'assessable': "status <> 'not_assessable'",
            'held': "status = 'holds'",
            'held_if_blank_is_zero': "status = 'holds_if_blank_is_zero'",
            'broken': "status = 'broken'",
            'acknowledged': 'is_acknowledged',
            'not_assessable': "status = 'not_assessable'",
            'assessable_as_printed': "status <> 'not_assessable' and is_as_printed",
            'held_as_printed': "status like 'holds%' and is_as_printed",
        }.items() %}
            coalesce(sum(checks) filter ({{ condition }}), 0) as {{ name }},
        {% endfor %}
        {% for reason in reasons %}
            coalesce(sum(checks) filter (class = '{{ reason }}'), 0) as not_assessable_{{ reason | replace(' ', '_') }},
        {% endfor %}
    from ends
    group by all
)

select
    counted.*, family, severity,
    if(assessable > 0, cast(held + held_if_blank_is_zero as double) / assessable, null) as held_rate
from counted
left join reference.identities using (identity_id)
