-- No synthetic report is in a form before 2019.
select
    {% for column in columns.raw_statistics %}
        null::varchar as {{ column }}{{ ',' if not loop.last }}
    {% endfor %}
where false
