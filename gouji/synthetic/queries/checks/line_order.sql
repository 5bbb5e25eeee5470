-- The place of each line of a table on the form.
select line_code, min(line_order::integer)
from read_csv('{{ reference }}/form_lines.csv', all_varchar = true)
where form_table = '{{ form_table }}'
group by line_code
