-- What was found of each kind of fault, or of all.
with planted as (
    select fault_id, any_value(kind) as kind, any_value(report_id) as report_id,
        any_value(explanations) as explanations, count(*) as cells,
        -- a figure of the prose has no second check: a move of the table explains it as well
        any_value(form_table) = 'narrative' as is_of_prose
    from faults group by fault_id
),
caught as (
    select fault_id, count(*) as expected, count(found.report_id) as found
    from expected
    left join found using (report_id, identity_id, slice)
    group by fault_id
),
-- every check that broke in a report that the fault reaches
reached as (
    select fault_id, report_id from planted
    union select fault_id, report_id from expected
),
broken as (
    select fault_id, count(*) as broken
    from reached inner join found using (report_id) group by fault_id
),
judged as (
    select
        planted.*, caught.fault_id is not null as is_visible,
        coalesce(expected, 0) as expected, coalesce(caught.found, 0) as found,
        coalesce(broken, 0) as broken, offer,
        coalesce(accuses, false) as accuses, offers.fault_id is null as is_unexplained
    from planted
    left join caught using (fault_id)
    left join broken using (fault_id)
    left join offers using (fault_id)
)
select
    {{ kind }} as kind,
    count(*) as planted,
    count(*) filter (is_visible) as visible,
    count(*) filter (is_visible and found = expected) as caught,
    count(*) filter (is_visible and found = expected) / nullif(visible, 0) as recall,
    sum(broken)::bigint as broken,
    sum(found)::bigint / nullif(sum(broken)::bigint, 0) as precision
    {% if has_hypotheses %}
        , count(*) filter (offer = 'first') as first
        , count(*) filter (offer = 'among_equals') as among_equals
        , count(*) filter (offer = 'lower') as lower
        , count(*) filter (is_visible and offer is null) as not_offered
        , count(*) filter (is_visible and is_unexplained) as not_known
        , count(*) filter (is_visible and accuses) as accused
        , count(*) filter (is_visible and explanations = 1 and cells = 1 and not is_of_prose) as sole
        , count(*) filter (is_visible and explanations = 1 and cells = 1 and not is_of_prose and offer = 'first')
            as sole_first
        , count(*) filter (is_visible and explanations > 1) as unknowable
    {% endif %}
from judged
{% if kinds %}where kind in ({{ kinds | literals }}){% endif %}

group by 1
order by 1
