-- What the screens find of each kind of slip that was planted, and how often they point at clean reports.
with seen_by (planted_kind, screen, form_table) as (
    values
    {% for kind, (screen, form_table) in seen_by.items() %}
        ('{{ kind }}', '{{ screen }}', '{{ form_table }}'){{ ',' if not loop.last }}
    {% endfor %}
),

clean as (
    select sanity_check_id as screen, form_table, count(distinct report_id) as false_alarms
    from clean.quality.sanity_findings group by all
),

reports as (
    select count(*) as reports from clean.intermediate.int_reports
),

planted as (
    select distinct kind as planted_kind, report_id from read_parquet('{{ faults }}')
),

found as (
    select
        planted_kind, count(*) as planted,
        count(*) filter (
            exists (
                from planted.quality.sanity_findings as findings
                where
                    findings.report_id = planted.report_id and findings.sanity_check_id = seen_by.screen
                    and findings.form_table = seen_by.form_table
            )
        ) as found
    from planted inner join seen_by using (planted_kind)
    group by planted_kind
),

by_kind as (
    select
        screen, form_table, planted_kind, reports, coalesce(false_alarms, 0) as false_alarms,
        coalesce(planted, 0) as planted, coalesce(found, 0) as found
    from seen_by
    cross join reports
    left join clean using (screen, form_table)
    left join found using (planted_kind)
    union all
    -- a set that is too small is none
    select
        'first_digits', set_kind, null, count(is_conspicuous), count(*) filter (is_conspicuous), null, null
    from clean.quality.first_digits
    group by set_kind
)

select
    screen, form_table, planted_kind, reports, false_alarms,
    cast(false_alarms as double) / nullif(reports, 0) as false_alarm_rate,
    planted, found, cast(found as double) / nullif(planted, 0) as recall
from by_kind
order by screen, form_table, planted_kind
