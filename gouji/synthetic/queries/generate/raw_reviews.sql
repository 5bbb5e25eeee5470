-- Table 四 as it is printed.
select
    report_id, channel,
    {% for result in results %}
    case
        when numbers.{{ result }} > 0 then numbers.{{ result }}::varchar
        when leaves_zero_parts_blank then null
        else zero
    end as {{ result }},
    {% endfor %}
    case
        when numbers.{{ results | join(' + numbers.') }} > 0 then (numbers.{{ results | join(' + numbers.') }})::varchar
        else zero
    end as total
from year_reports
cross join channels
left join review_numbers as numbers using (n, channel)
order by n, channel_order
