-- The reports whose values this build changed, at most 200: what was published before and is otherwise now comes first.
with reports as (
    select
        changes.report_id,
        changes.why,
        reports.agency_name,
        reports.report_year,
        count(*) filter (changes.change = 'appeared') as appeared,
        count(*) filter (changes.change = 'changed') as changed,
        count(*) filter (changes.change = 'disappeared') as disappeared
    from quality.value_changes as changes
    left join marts.dim_report as reports using (report_id)
    group by all
)

select * from reports
order by why = 'landed', why, report_id
limit 200
