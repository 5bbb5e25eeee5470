-- The bodies of the groups, each with its ways of printing.
create table bodies as
with members as (
    select groups.*, k, is_group and k = 0 as is_consolidated
    from groups, range(15 + 1) as numbers (k)
    where k < leaves + is_group::integer
),
numbered as (
    select *, row_number() over (order by g, k) as a from members
),
kinds as (
    select sector_code, row_number() over (order by sector_code) - 1 as place,
        count(*) over () as places
    from sectors where sector_code not in ('general_government', 'unclassified')
)
select
    a, g, k, is_consolidated, is_group, level, region_code, rollup, first_year, layout_from,
    region_code || '-synthetic-' || format('{:06d}', a + {{ bodies_before }}) as agency_id,
    '合成机关' || format('{:06d}', a + {{ bodies_before }}) || '（测试数据）' as agency_name,
    case when is_consolidated then 'general_government' else sector_code end as sector_code,
    case when rollup <> 'complete' and u('gap', a, 0, 0, 0) < 0.05
        then 2020 + floor(5 * u('gap year', a, 0, 0, 0))::integer end as gap_year,
    least(100, exp(1.1 * sqrt(-2 * ln(u('scale', a, 0, 0, 0)))
        * cos(2 * pi() * u('angle', a, 0, 0, 0)))) as scale,
    -- a body prints in the same way every year
    u('zeros', a, 0, 0, 0) as zeros,
    u('words', a, 0, 0, 0) as words,
    u('changes', a, 0, 0, 0) as changes,
    u('money', a, 0, 0, 0) as money,
    u('others', a, 0, 0, 0) as others,
    u('prose', a, 0, 0, 0) as prose,
    u('left out', a, 0, 0, 0) < 0.04 as leaves_out
from numbered
inner join kinds on floor(u('sector', a, 0, 0, 0) * places) = place
