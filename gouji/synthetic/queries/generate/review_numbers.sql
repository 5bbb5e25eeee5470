-- Table 四 in numbers, a row only where a case was brought: its results one after the other out of what is left.
create or replace table review_numbers as
with brought as (
    select a, y, channel, channel_order,
        1 + floor(scale * 0.5 * heavy(u('cases', a, y, channel_order, 0)))::bigint as cases
    from leaves, channels, range({{ first_year }}, {{ last_year }} + 1) as years (y)
    where u('brought', a, y, channel_order, 0) < presence
),
first_result as (
    select *, floor((cases + 1) * u('upheld', a, y, channel_order, 0))::bigint as upheld
    from brought
),
second_result as (
    select *, floor((cases - upheld + 1)
        * 0.7 * u('corrected', a, y, channel_order, 0))::bigint as corrected
    from first_result
),
third_result as (
    select *, floor((cases - upheld - corrected + 1)
        * u('pending', a, y, channel_order, 0))::bigint as pending
    from second_result
)
select
    n, channel,
    sum(upheld)::bigint as upheld,
    sum(corrected)::bigint as corrected,
    sum(cases - upheld - corrected - pending)::bigint as other,
    sum(pending)::bigint as pending
from third_result
inner join shares using (a, y)
group by n, channel
