-- The first digits of the decisions and amounts of a province, or of a sector, in a year, held against Benford's law.
{% set key = ['report_year', 'set_kind', 'set_code'] %}
{% set title_zh = '首位数字的分布与表二一致' %}
{% set title_en = 'First digits are those of table 二' %}
with counted as (
    select
        report_year,
        if(grouping(province_code) = 0, 'province', 'sector') as set_kind,
        if(grouping(province_code) = 0, province_code, sector_code) as set_code,
        list(left(floor(value)::bigint::varchar, 1)::integer) as firsts
    from intermediate.int_disclosure_cells
    inner join intermediate.int_reports as reports using (report_id, report_year)
    inner join marts.dim_region using (region_code)
    where measure_code in ('decisions', 'amount') and value >= 1 and not is_consolidated
    group by grouping sets ((report_year, province_code), (report_year, sector_code))
),

shared as (
    select
        * exclude (firsts), len(firsts) as numbers,
        list_transform(range(1, 10), d -> len(list_filter(firsts, f -> f = d))) as found
    from counted
),

held as (
    select
        *, list_sum(list_transform(range(1, 10), d -> abs(found[d] / numbers - log10(1 + 1.0 / d)))) / 9 as deviation
    from shared
)

select
    report_year, set_kind, set_code, numbers,
    {% for digit in range(1, 10) %}found[{{ digit }}] as first_{{ digit }}, {% endfor %}
    deviation::decimal(9, 6) as mean_deviation,
    if(
        numbers >= (select numbers_at_least from reference.sanity_bounds where sanity_check_id = 'first_digits'),
        deviation >= (select deviation_at_least from reference.sanity_bounds where sanity_check_id = 'first_digits'),
        null
    ) as is_conspicuous
from held
