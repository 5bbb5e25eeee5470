-- How far people have come with each cause of broken checks. It is dealt with when each of its checks is acknowledged
-- or mended by a correction; until then a letter makes it asked, and an answer since the last letter answered.
with issues as (

    select * from {{ ref('issues') }}

),

corrected_checks as (

    select * from {{ ref('corrected_checks') }}

),

history as (

    select * from {{ ref('cause_history') }}

),

reports as (

    select * from {{ ref('dim_report') }}

),

checks as (

    select
        issues.root_cause_id,
        issues.report_id,
        issues.agency_id,
        issues.report_year,
        issues.severity,
        reports.landed_on,
        issues.is_acknowledged,
        coalesce(corrected_checks.is_mended, false) as is_mended,
        -- a cause stands with its most severe check
        row_number() over (
            partition by issues.root_cause_id
            order by issues.severity, issues.identity_id, issues.report_id, issues.slice
        ) as place
    from issues
    inner join reports on issues.report_id = reports.report_id
    left join corrected_checks
        on
            issues.report_id = corrected_checks.report_id
            and issues.identity_id = corrected_checks.identity_id
            and issues.slice = corrected_checks.slice

),

causes as (

    select
        root_cause_id,
        max(case when place = 1 then report_id end) as report_id,
        max(case when place = 1 then agency_id end) as agency_id,
        max(case when place = 1 then report_year end) as report_year,
        max(case when place = 1 then severity end) as severity,
        count(*) as checks,
        count(case when is_acknowledged then 1 end) as checks_acknowledged,
        count(case when is_mended then 1 end) as checks_mended,
        count(case when not is_acknowledged and not is_mended then 1 end) as checks_open,
        max(landed_on) as landed_on
    from checks
    group by root_cause_id

),

days as (

    select
        root_cause_id,
        {% for event in ['asked', 'answered', 'acknowledged', 'corrected'] %}
            max(case when event = '{{ event }}' then happened_on end) as {{ event }}_on
            {%- if not loop.last %},{% endif %}

        {% endfor %}
    from history
    group by root_cause_id

),

states as (

    select
        causes.*,
        days.asked_on,
        days.answered_on,
        days.acknowledged_on,
        days.corrected_on,
        case
            when causes.checks_open = 0 and causes.checks_mended > 0 then 'corrected'
            when causes.checks_open = 0 then 'acknowledged'
            when days.answered_on >= coalesce(days.asked_on, days.answered_on) then 'answered'
            when days.asked_on is not null then 'asked'
            else 'open'
        end as state
    from causes
    left join days on causes.root_cause_id = days.root_cause_id

),

final as (

    select
        root_cause_id,
        report_id,
        agency_id,
        report_year,
        severity,
        state,
        case state
            when 'corrected' then corrected_on
            when 'acknowledged' then acknowledged_on
            when 'answered' then answered_on
            when 'asked' then asked_on
            else landed_on
        end as state_since,
        asked_on,
        answered_on,
        acknowledged_on,
        corrected_on,
        checks,
        checks_acknowledged,
        checks_mended,
        checks_open
    from states

)

select * from final
