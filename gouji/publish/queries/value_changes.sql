-- The values of the facts that are not as the build before had them, and why. Only some reports
-- are looked at cell by cell: after an increment those that it wrote, after a full build those whose values differ as a
-- whole.
-- A report is the same one as long as its body and year are, whichever edition of it counts. A cell that the document
-- does not have is no value.
create or replace table quality.value_changes (
    report_id varchar,
    agency_id varchar,
    report_year integer,
    form_table varchar,
    line_code varchar,
    column_code varchar,
    change varchar,
    why varchar,
    before decimal(28, 4),
    after decimal(28, 4),
    status_before varchar,
    status_after varchar,
    is_consolidated boolean
);

{% if not is_first %}
{% set facts = {
    'fct_published_items': ('disclosures', 'line_code', 'measure_code'),
    'fct_requests': ('requests', 'line_code', 'applicant_type'),
    'fct_review_litigation': ('reviews', 'channel', 'result'),
} %}
{% macro values_in(marts, reports) %}
    {% for fact, (form_table, line, column) in facts.items() %}
    select
        report_id, agency_id, report_year, is_consolidated,
        '{{ form_table }}' as form_table, {{ line }} as line_code, {{ column }} as column_code,
        value::decimal(28, 4) as value, reported_value::decimal(28, 4) as reported_value, value_status
    from {{ marts }}.{{ fact }}
    {% if reports %}semi join {{ reports }} using (report_id, report_year){% endif %}

    where value is not null or value_status <> 'absent'
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
{% endmacro %}
create or replace temp table reports_asked as
{% if is_increment %}
select distinct report_id, report_year from batch.fact_batch;
{% else %}
{% macro hashes_in(marts) %}
    select
        report_id, report_year,
        bit_xor(hash(agency_id, form_table, line_code, column_code, value, value_status)) as of_values
    from ({{ values_in(marts, '') }})
    group by report_id, report_year
{% endmacro %}
with earlier_hashes as ({{ hashes_in('published.marts') }}),

hashes as ({{ hashes_in('marts') }})

select report_id, report_year
from hashes full join earlier_hashes using (report_id, report_year)
where hashes.of_values is distinct from earlier_hashes.of_values;
{% endif %}

insert into quality.value_changes by name
with earlier_values as ({{ values_in('published.marts', 'reports_asked') }}),

later_values as ({{ values_in('marts', 'reports_asked') }}),

earlier_editions as (
    select agency_id, report_year, report_id from published.marts.dim_report where is_current
),

later_editions as (select agency_id, report_year, report_id from marts.dim_report where is_current),

changes as (
    select
        agency_id, report_year, form_table, line_code, column_code,
        coalesce(now.is_consolidated, earlier.is_consolidated) as is_consolidated,
        earlier.value as before,
        now.value as after,
        earlier.value_status as status_before,
        now.value_status as status_after,
        (earlier.reported_value, earlier.value_status)
            is not distinct from (now.reported_value, now.value_status) as is_as_reported
    from earlier_values as earlier
    full join later_values as now using (agency_id, report_year, form_table, line_code, column_code)
    where (earlier.value, earlier.value_status) is distinct from (now.value, now.value_status)
)

select
    coalesce(later_editions.report_id, earlier_editions.report_id) as report_id,
    changes.* exclude (is_as_reported),
    case
        when status_before is null then 'appeared'
        when status_after is null then 'disappeared'
        else 'changed'
    end as change,
    case
        when earlier_editions.report_id is null then 'landed'
        when later_editions.report_id is null then 'removed'
        when later_editions.report_id <> earlier_editions.report_id then 'revised'
        when is_as_reported then 'corrected'
        else 'read_anew'
    end as why
from changes
left join earlier_editions using (agency_id, report_year)
left join later_editions using (agency_id, report_year)
order by agency_id, report_year, form_table, line_code, column_code;

drop table reports_asked;
{% endif %}
