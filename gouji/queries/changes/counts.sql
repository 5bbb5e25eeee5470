-- How many values a build changed, by why and table of the form.
select
    why,
    form_table,
    count(distinct report_id) as reports,
    count(*) filter (change = 'appeared') as appeared,
    count(*) filter (change = 'changed') as changed,
    count(*) filter (change = 'disappeared') as disappeared
from quality.value_changes
group by why, form_table
order by list_position(['landed', 'revised', 'corrected', 'read_anew', 'removed'], why), form_table
