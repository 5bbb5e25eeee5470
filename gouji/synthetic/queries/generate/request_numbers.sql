-- Table 三 in numbers, a row only where something is not zero. Requests carried over are a part of the year's new ones,
-- and next year's carried in; processed is what is left, and is shared out over the outcomes.
create or replace table request_numbers as
with received as (
    select
        a, y, type, scale,
        case when u('asked', a, y, type, 0) < presence
            then 1 + floor(scale * size * heavy(u('how often', a, y, type, 0)))
            else 0 end::bigint as new
    from leaves, applicants, range({{ first_year }} - 1, {{ last_year }} + 1) as years (y)
),
open_at_the_end as (
    select *,
        case when new > 0 then least(new,
            (u('late', a, y, type, 0) < 0.05)::bigint
            + floor(new * 0.15 * u('share open', a, y, type, 0))::bigint
        ) else 0 end as carried_out
    from received
),
flows as (
    select a, y, type, new, carried_out,
        lag(carried_out) over (partition by a, type order by y) as carried_in
    from open_at_the_end
),
processed as (
    select *, new + carried_in - carried_out as processed
    from flows where y >= {{ first_year }} and new + carried_in > 0
),
weights as (
    select
        a, y, type, processed, line_code, line_order,
        case when u('outcome', a, y, type, line_order) < presence
            then size * -ln(u('weight', a, y, type, line_order)) else 1e-9 end as weight
    from processed, outcomes
    where processed > 0
        and (line_code = 'granted' or u('outcome', a, y, type, line_order) < presence)
),
rounded as (
    select *,
        floor(processed * weight
            / sum(weight) over (partition by a, y, type))::bigint as part,
        row_number() over (
            partition by a, y, type order by weight desc, line_order
        ) as place
    from weights
),
outcome_values as (
    select
        a, y, type, line_code,
        part + case when place = 1
            then processed - sum(part) over (partition by a, y, type) else 0 end as value
    from rounded
),
line_values as (
    select a, y, type, line_code, value from outcome_values
    union all select a, y, type, 'new_requests', new from processed
    union all select a, y, type, 'carried_in', carried_in from processed
    union all select a, y, type, 'total_processed', processed from processed
    union all select a, y, type, 'carried_out', carried_out from processed
)
select
    n,
    case when prints_others_as_one and line_code in ({{ other_parts | literals }})
        then 'other_processing' else line_code end as line_code,
    {% for column in applicants %}
    sum(case when type = {{ loop.index }} then value else 0 end)::bigint as {{ column }}{% if not loop.last %},{% endif %}
    {% endfor %}
from line_values
inner join shares using (a, y)
where value > 0
group by all
