-- The figures of the country by year, taken two ways: `once`, every body once over the provinces (a consolidated report
-- for the bodies that it adds up), and `own`, bodies' own reports alone. A sum is over the cells that hold a number:
-- `…_not_reported` counts the others, and `…_doubtful` is what of the sum stands in cells that are in doubt. A year is
-- whole where the own report of every province is counted.
{% set measures = [
    'new_requests', 'carried_in', 'carried_out', 'processed', 'granted', 'denied', 'unavailable',
    'reviews_concluded', 'reviews_corrected', 'lawsuits_concluded', 'lawsuits_lost',
] %}
{% set in_doubt = {
    'new_requests': "line_code = 'new_requests'",
    'processed': "stage = 'outcome'",
    'granted': "outcome_group = 'granted'",
    'denied': "outcome_group = 'denied'",
    'unavailable': "outcome_group = 'unavailable'",
} %}
with layouts as (

    select
        report_year,
        layout,
        count(*) as reports
    from marts.agency_year
    group by report_year, layout

),

held as (

    select
        report_year,
        cast(sum(reports) as bigint) as reports,
        string_agg(layout, '+' order by layout) as layout
    from layouts
    group by report_year

),

sums as (

    select
        'once' as scope,
        report_year,
        sum(reports_used) as reports_counted,
        bool_and(is_whole_region) and count(*) = (select count(*) from marts.dim_region where region_level = 'province')
            as is_whole,
        {% for measure in measures %}
            sum({{ measure }}) as {{ measure }},
            sum({{ measure }}_not_reported) as {{ measure }}_not_reported{{ ',' if not loop.last }}
        {% endfor %}
    from marts.region_year
    where region_level = 'province'
    group by report_year
    union all
    select
        'own' as scope,
        report_year,
        count(*) as reports_counted,
        false as is_whole,
        {% for measure in measures %}
            sum({{ measure }}) as {{ measure }},
            sum({{ measure }}_not_reported) as {{ measure }}_not_reported{{ ',' if not loop.last }}
        {% endfor %}
    from marts.agency_year
    where not is_consolidated
    group by report_year

),

doubtful_reports as (

    select
        report_id,
        report_year,
        is_consolidated,
        {% for measure, cells in in_doubt.items() %}
            coalesce(sum(value) filter (where {{ cells }}), 0) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from marts.fct_requests
    where is_doubtful
    group by report_id, report_year, is_consolidated

),

doubtful_counted as (

    select 'once' as scope, doubtful_reports.*, report_regions.times_counted as times
    from doubtful_reports
    inner join marts.bridge_report_region as report_regions
        on doubtful_reports.report_id = report_regions.report_id and report_regions.region_level = 'province'
    union all
    select 'own' as scope, doubtful_reports.*, 1 as times
    from doubtful_reports
    where not is_consolidated

),

doubts as (

    select
        scope,
        report_year,
        {% for measure in in_doubt %}
            sum({{ measure }} * times) as {{ measure }}_doubtful{{ ',' if not loop.last }}
        {% endfor %}
    from doubtful_counted
    group by scope, report_year

)

select
    sums.*,
    {% for measure in in_doubt %}
        coalesce(doubts.{{ measure }}_doubtful, 0) as {{ measure }}_doubtful,
    {% endfor %}
    held.reports,
    held.layout,
    -- those of which nothing is held since 2019 are not of these years
    (
        select count(*)
        from marts.dim_agency
        where
            agency_id in (select dim_report.agency_id from marts.dim_report)
            or agency_id not in (select dim_statistic_report.agency_id from marts.dim_statistic_report)
    ) as bodies
from sums
inner join held on sums.report_year = held.report_year
left join doubts on sums.scope = doubts.scope and sums.report_year = doubts.report_year
order by sums.scope, sums.report_year
