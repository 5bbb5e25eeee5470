-- Table 二 in numbers: stocks are walked from year to year by a drawn change.
create or replace table disclosure_numbers as
with lines as (
    select a, scale, stocks.*,
        floor(scale * size
            * (1 + heavy(u('stock', a, line_order, 0, 0)))) as first_stock
    from leaves, stocks
    where u('has', a, line_order, 0, 0) < presence
),
drawn as (
    select *,
        case
            when y = {{ first_year }} - 1 or size = 0 then 0
            when u('moves', a, y, line_order, 0) < 0.14
                then -1 - floor(first_stock * 0.2 * u('step', a, y, line_order, 0))
            when u('moves', a, y, line_order, 0) < 0.4
                then 1 + floor(first_stock * 0.2 * u('step', a, y, line_order, 0))
            else 0
        end as step,
        case when u('churns', a, y, line_order, 0) < 0.4
            then floor(first_stock * 0.2 * u('churn', a, y, line_order, 0)) else 0
            end as churn
    from lines, range({{ first_year }} - 1, {{ last_year }} + 1) as years (y)
),
walked as (
    select *,
        greatest(0, first_stock
            + sum(step) over (partition by a, line_order order by y)) as stock
    from drawn
),
changes as (
    select *, lag(stock) over (partition by a, line_order order by y) as stock_before
    from walked
),
leaf_numbers as (
    select
        a, y, line_code, stock_before, stock,
        greatest(stock - stock_before, 0) + churn as made,
        greatest(stock_before - stock, 0) + churn as repealed,
        floor(scale * decisions * heavy(u('decided', a, y, line_order, 0))) as decisions,
        case when line_code = 'procurement'
            then 1 + floor(scale * 3 * u('projects', a, y, 0, 0)) else 0 end as projects,
        case when line_code in ('fee', 'procurement') then round(
            scale * 20000 * (0.1 + heavy(u('money', a, y, line_order, 0)))
        , case when u('cents', a, y, line_order, 0) < 0.5 then 0 else 2 end)
            else 0 end as amount
    from changes
    where y >= {{ first_year }}
)
select
    n, line_code,
    sum(stock_before)::bigint as stock_before,
    sum(stock)::bigint as stock,
    sum(made)::bigint as made,
    sum(repealed)::bigint as repealed,
    sum(decisions)::bigint as decisions,
    sum(projects)::bigint as projects,
    sum(amount::decimal(18, 2))::decimal(18, 2) as amount
from leaf_numbers
inner join shares using (a, y)
group by n, line_code
