-- Which reports a check reads: its own; those of last year that it goes on from; those of its members.
{% set key = ['report_id', 'scope', 'year_offset', 'source_report_id'] %}
{% set title_zh = '勾稽所用报告：本报告、上年报告、所汇总的报告' %}
{% set title_en = 'A check reads its own report, those that it goes on from, and those of its members' %}
select report_id, report_year, 'own' as scope, 0 as year_offset, report_id as source_report_id,
    false as is_in_other_layout
from intermediate.int_reports
union all
select report_id, reports.report_year, 'own', -1, source_report_id, reports.layout <> last.layout
from ({% set year_offset = -1 %}{% set form_table = none %}{% include 'audit/queries/reports_of_year.sql' %})
inner join intermediate.int_reports as reports using (report_id)
inner join intermediate.int_reports as last on source_report_id = last.report_id
union all
select report_id, report_year, 'members', 0, source_report_id, false
from ({% include 'audit/queries/members.sql' %})
inner join intermediate.int_reports using (report_id)
