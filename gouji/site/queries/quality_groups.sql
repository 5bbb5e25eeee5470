-- The checks of each province, sector and level, one row for each group: added up by report and body first, since there
-- are 70 times as many checks as reports.
with reports as (

    select
        agency_id,
        count(*) as checks,
        count_if(status <> 'not_assessable') as assessable,
        count_if(status = 'broken') as broken,
        count_if(is_acknowledged) as acknowledged
    from quality.fct_identity_checks
    group by report_id, agency_id

),

bodies as (

    select
        agencies.province,
        agencies.sector,
        agencies.sector_zh,
        agencies.sector_en,
        agencies.level,
        count(*) as reports,
        count_if(reports.broken > 0) as reports_with_issues,
        sum(reports.checks) as checks,
        sum(reports.assessable) as assessable,
        sum(reports.broken) as broken,
        sum(reports.acknowledged) as acknowledged
    from reports
    inner join marts.dim_agency as agencies using (agency_id)
    group by all

),

grouped as (

    select 'province' as dimension, coalesce(province, '') as code, province as label_zh, province as label_en, *
    from bodies
    union all
    select 'sector', coalesce(sector, ''), sector_zh, sector_en, *
    from bodies
    union all
    select 'level', coalesce(level, ''), level, level, *
    from bodies

)

select
    dimension,
    code,
    any_value(label_zh) as label_zh,
    any_value(label_en) as label_en,
    cast(sum(reports) as bigint) as reports,
    cast(sum(reports_with_issues) as bigint) as reports_with_issues,
    cast(sum(checks) as bigint) as checks,
    cast(sum(assessable) as bigint) as assessable,
    cast(sum(broken) as bigint) as broken,
    cast(sum(acknowledged) as bigint) as acknowledged,
    cast(sum(checks) - sum(assessable) as bigint) as not_assessable,
    sum(broken) / nullif(sum(assessable), 0) as broken_rate
from grouped
group by dimension, code
order by
    case dimension when 'province' then 1 when 'sector' then 2 else 3 end,
    broken_rate desc nulls last,
    code
