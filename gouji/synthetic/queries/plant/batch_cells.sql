-- The cells of every report that a batch of faults can reach, with the faults in them. A fault reaches its own report,
-- next year's, and the one that adds it up; to judge those, all the reports that count in them are needed.
create or replace table reached as
select distinct check_report_id as report_id
from links semi join batch_changes using (report_id);

create or replace table needed as
select distinct report_id from links
where check_report_id in (select report_id from reached);

-- Another member may explain a broken roll-up too, unless its own stocks speak against it.
create or replace table beyond as
select distinct report_id from links
where check_report_id in (
    select check_report_id from links semi join needed using (report_id)
) and report_id not in (select report_id from needed);

create or replace table cells as
with printed as (
    {% set reports = 'needed' %}
    {% include 'synthetic/queries/checks/cells.sql' %}
    union all
    select report_id, 'disclosures', line_code, measure_code, printed
    from {{ tables.raw_disclosures }} semi join beyond using (report_id)
)

select printed.* replace (coalesce(printed_after, printed) as printed)
from printed
left join batch_changes using (report_id, form_table, line_code, column_code);
