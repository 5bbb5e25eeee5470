-- Each entry of the three seeds of decisions, with the cause that its check has now: where the sides are still those that
-- the entry was made on, or the correction mends the check.
{% set key = ['root_cause_id', 'event', 'happened_on', 'note', 'entered_by'] %}
{% set title_zh = '原因的处理经过与去函、台账、更正一致' %}
{% set title_en = 'The history of a cause is what the seeds of letters, ledger and corrections say' %}
{% macro at_current(seed, day, keys) -%}
    select entries.* replace (coalesce(reports.report_id, entries.report_id) as report_id)
    from stewardship.{{ seed }} as entries
    left join raw.raw_reports as editions using (report_id)
    left join intermediate.int_reports as reports
        on editions.agency_id = reports.agency_id and editions.report_year::integer = reports.report_year
    qualify row_number() over (
        partition by coalesce(reports.report_id, entries.report_id), {{ keys }}
        order by entries.report_id is not distinct from reports.report_id desc, {{ day }} desc, entries.report_id desc
    ) = 1
{%- endmacro %}
with entries as (
    select report_id, identity_id, slice, observed_lhs as lhs, observed_rhs as rhs, event, happened_on, note, entered_by
    from ({{ at_current('correspondence', 'happened_on',
        'identity_id, slice, observed_lhs, observed_rhs, event, happened_on') }})
    union all
    select report_id, identity_id, slice, observed_lhs, observed_rhs, 'acknowledged', acknowledged_on, reason, acknowledged_by
    from ({{ at_current('acknowledged_issues', 'acknowledged_on', 'identity_id, slice, observed_lhs, observed_rhs') }})
),

corrections as (
    select distinct
        sources.report_id, identity_id, slice, 'corrected' as event, corrected_on as happened_on, evidence as note,
        corrected_by as entered_by
    from ({{ at_current('corrections', 'corrected_on', 'form_table, line_code, column_code') }}) as corrections
    inner join intermediate.int_identity_terms as terms using (form_table, line_code, column_code)
    inner join intermediate.int_check_sources as sources
        on corrections.report_id = source_report_id and terms.scope = sources.scope and terms.year_offset = sources.year_offset
    where (sources.report_id, identity_id, slice)
        in (select (report_id, identity_id, slice) from quality.corrected_checks where is_mended)
),

events as (
    select root_cause_id, event, happened_on, note, entered_by
    from quality.issues inner join entries using (report_id, identity_id, slice, lhs, rhs)
    union all
    select root_cause_id, event, happened_on, note, entered_by
    from quality.issues inner join corrections using (report_id, identity_id, slice)
)

select *, count(*) as checks from events group by all
