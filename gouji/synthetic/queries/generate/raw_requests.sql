-- Table 三 as it is printed.
select
    report_id, lines.line_code,
    {% for column in applicants %}
    case
        when numbers.{{ column }} > 0 then numbers.{{ column }}::varchar
        when leaves_zero_parts_blank{% if not loop.first %} or fills_few_columns{% endif %} then null
        else zero
    end as {{ column }},
    {% endfor %}
    case
        when leaves_totals_blank and is_outcome then null
        when numbers.{{ applicants | join(' + numbers.') }} > 0 then (numbers.{{ applicants | join(' + numbers.') }})::varchar
        else zero
    end as total
from year_reports
inner join request_lines as lines
    on case when prints_others_as_one
        then lines.line_code not in ({{ other_parts | literals }})
        else lines.line_code <> 'other_processing' end
left join request_numbers as numbers using (n, line_code)
where not (leaves_out and lines.line_code in ({{ lines_left_out | literals }}) and numbers.n is null)
order by n, line_order
