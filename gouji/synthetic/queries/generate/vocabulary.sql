-- What the reports are made of, out of the project's reference seeds.
{% for seed in ['regions', 'sectors', 'form_lines', 'form_cells', 'measures'] %}
create table {{ seed }} as
select * from read_csv('{{ reference }}/{{ seed }}.csv', all_varchar = true);

{% endfor %}
create table request_lines as
select line_code, min(line_order::integer) as line_order,
    bool_or(stage = 'outcome') as is_outcome
from form_lines where form_table = 'requests' group by line_code;
