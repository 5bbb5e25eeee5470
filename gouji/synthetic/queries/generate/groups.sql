-- A group is a body by itself, or a consolidated one with its members; it has 15 reports or more on average, and
-- the last group is cut where the reports asked for are complete.
create table groups as
with drawn as (
    select
        g,
        u('consolidated', g, 0, 0, 0) < 0.25 as is_group,
        u('members', g, 0, 0, 0) as members,
        u('region level', g, 0, 0, 0) as region_level,
        u('region', g, 0, 0, 0) as region,
        u('first year', g, 0, 0, 0) as first_year,
        u('layout', g, 0, 0, 0) as layout,
        u('rollup', g, 0, 0, 0) as rollup
    from range({{ reports }} // 8 + 40) as numbers (g)
),
places as (
    select
        region_level,
        region_code,
        row_number() over (partition by region_level order by region_code) - 1 as place,
        count(*) over (partition by region_level) as places
    from regions
    where region_level <> 'township' and valid_to is null
),
levels as (
    select *,
        case when region_level < 0.05 then 'province' when region_level < 0.2
            then 'prefecture' else 'county' end as level
    from drawn
)
select
    g,
    is_group,
    case when is_group then 3 + floor(12 * members * members)::integer else 1 end as leaves,
    level,
    region_code,
    {{ first_year }} + case when first_year < 0.85 then 0 when first_year < 0.93 then 1
        else 2 end as first_year,
    -- the year from which the group prints the 2021 layout
    case when layout < 0.04 then 2020 when layout < 0.94 then 2021 when layout < 0.98
        then 2022 else 2024 end as layout_from,
    case when not is_group then 'none' when rollup < 0.6 then 'complete'
        when rollup < 0.7 then 'incomplete' else 'none' end as rollup
from levels
inner join places on levels.level = places.region_level
    and floor(levels.region * places.places) = places.place
