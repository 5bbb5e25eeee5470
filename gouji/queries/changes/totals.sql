-- What a line of the form adds up to before and after a build, year by year, over bodies' own reports; of table 二, a
-- column of the line. Only what changed. Before is after without the changes, so a body that became consolidated, or
-- ceased to be, counts on both sides as it does now.
with changes as (
    select
        report_year, form_table, line_code,
        if(form_table = 'disclosures', column_code, 'total') as column_code,
        count(after) - count(before) as more_values,
        coalesce(sum(after), 0) - coalesce(sum(before), 0) as more
    from quality.value_changes
    where not is_consolidated
    group by all
    having more_values <> 0 or more <> 0
),

facts as (
    select report_year, 'disclosures' as form_table, line_code, measure_code as column_code, value, is_consolidated
    from marts.fct_published_items
    union all
    select report_year, 'requests', line_code, 'total', value, is_consolidated
    from marts.fct_requests
    union all
    select report_year, 'reviews', channel, 'total', value, is_consolidated
    from marts.fct_review_litigation
),

totals as (
    select report_year, form_table, line_code, column_code, count(value) as number_of_values, sum(value) as total
    from facts
    semi join changes using (report_year, form_table, line_code, column_code)
    where not is_consolidated
    group by all
)

select
    report_year, form_table, line_code, column_code,
    coalesce(number_of_values, 0) - more_values as values_before,
    coalesce(number_of_values, 0) as values_after,
    -- without a value there is no total
    if(values_before = 0, null, coalesce(total, 0) - more) as total_before,
    total as total_after
from changes
left join totals using (report_year, form_table, line_code, column_code)
order by report_year desc, form_table, line_code, column_code
