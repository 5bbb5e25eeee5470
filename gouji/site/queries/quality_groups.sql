-- The checks of each province, sector and level, one row for each group.
with checks as (

    select
        agencies.province,
        agencies.sector,
        agencies.sector_zh,
        agencies.sector_en,
        agencies.level,
        checks.report_id,
        checks.status,
        checks.is_acknowledged
    from quality.fct_identity_checks as checks
    inner join marts.dim_agency as agencies using (agency_id)

),

grouped as (

    select 'province' as dimension, coalesce(province, '') as code, province as label_zh, province as label_en, *
    from checks
    union all
    select 'sector', coalesce(sector, ''), sector_zh, sector_en, *
    from checks
    union all
    select 'level', coalesce(level, ''), level, level, *
    from checks

)

select
    dimension,
    code,
    any_value(label_zh) as label_zh,
    any_value(label_en) as label_en,
    count(distinct report_id) as reports,
    count(distinct report_id) filter (status = 'broken') as reports_with_issues,
    count(*) as checks,
    count_if(status <> 'not_assessable') as assessable,
    count_if(status = 'broken') as broken,
    count_if(is_acknowledged) as acknowledged,
    count_if(status = 'not_assessable') as not_assessable,
    count_if(status = 'broken') / nullif(count_if(status <> 'not_assessable'), 0) as broken_rate
from grouped
group by dimension, code
order by
    case dimension when 'province' then 1 when 'sector' then 2 else 3 end,
    broken_rate desc nulls last,
    code
