-- Every cause of broken checks is in one state, which follows from its checks and from what people did last.
{% set key = ['root_cause_id'] %}
{% set title_zh = '每个原因的处理状态与其检查和处理经过一致' %}
{% set title_en = 'The state of a cause follows from its checks and its history' %}
with checks as (
    select
        root_cause_id, report_id, issues.agency_id, issues.report_year, severity, identity_id, slice, landed_on,
        is_acknowledged, (report_id, identity_id, slice)
        in (select (report_id, identity_id, slice) from quality.corrected_checks where is_mended) as is_mended
    from quality.issues inner join marts.dim_report using (report_id)
),

causes as (
    select
        root_cause_id,
        arg_min(
            {'report_id': report_id, 'agency_id': agency_id, 'report_year': report_year, 'severity': severity},
            (severity, identity_id, report_id, slice)
        ) as first,
        max(landed_on) as landed_on,
        count(*) as checks,
        count_if(is_acknowledged) as checks_acknowledged,
        count_if(is_mended) as checks_mended,
        count_if(not (is_acknowledged or is_mended)) as checks_open
    from checks group by root_cause_id
),

last_days as (
    select
        root_cause_id,
        map_from_entries(list((event, happened_on))) as days
    from (select root_cause_id, event, max(happened_on) as happened_on from quality.cause_history group by all)
    group by all
),

states as (
    select
        causes.*, days,
        case
            when checks_open > 0 then
                case
                    when days['answered'] is not null and days['answered'] >= ifnull(days['asked'], days['answered'])
                        then 'answered'
                    when days['asked'] is not null then 'asked'
                    else 'open'
                end
            when checks_mended > 0 then 'corrected'
            else 'acknowledged'
        end as state
    from causes left join last_days using (root_cause_id)
)

select
    root_cause_id, first.report_id, first.agency_id, first.report_year, first.severity, state,
    if(state = 'open', landed_on, days[state]) as state_since,
    {% for event in ['asked', 'answered', 'acknowledged', 'corrected'] %}days['{{ event }}'] as {{ event }}_on, {% endfor %}
    checks, checks_acknowledged, checks_mended, checks_open
from states
