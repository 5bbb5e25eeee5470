-- How large the sums of these reports can be. Each is a constant, and they are sorted: a condition of constants and their
-- range spare the view the cells of all others.
select
    report_id{% for measure in measures %},
    {{ measure }}_at_most as {{ measure }}{% endfor %}

from intermediate.int_sums_at_most
where
    report_id between $r0 and $r{{ count - 1 }}
    and report_id in ({% for place in range(count) %}$r{{ place }}{{ ', ' if not loop.last }}{% endfor %})
