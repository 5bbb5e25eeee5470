-- How the first digits of the decisions and amounts of a province, or of a sector, are spread in a year, and how far
-- that is from Benford's law. These numbers run from a few to many millions, as the law needs; the small counts of
-- table 三 do not.
{% set digits = range(1, 10) | list %}

with reports as (

    select * from {{ ref('int_reports') }}
    where not is_consolidated

),

regions as (

    select * from {{ ref('int_regions') }}

),

disclosure_cells as (

    select * from {{ ref('int_disclosure_cells') }}
    where measure_code in ('decisions', 'amount') and value >= 1

),

sanity_bounds as (

    select * from {{ ref('sanity_bounds') }}
    where sanity_check_id = 'first_digits'

),

numbers as (

    select
        reports.report_year,
        regions.province_code,
        reports.sector_code,
        substr(cast(cast(floor(disclosure_cells.value) as bigint) as {{ dbt.type_string() }}), 1, 1) as first_digit
    from disclosure_cells
    inner join reports on disclosure_cells.report_id = reports.report_id
    inner join regions on reports.region_code = regions.region_code

),

numbers_of_sets as (

    select
        report_year,
        'province' as set_kind,
        province_code as set_code,
        first_digit
    from numbers
    union all
    select
        report_year,
        'sector' as set_kind,
        sector_code as set_code,
        first_digit
    from numbers

),

sets as (

    select
        report_year,
        set_kind,
        set_code,
        count(*) as numbers,
        {% for digit in digits %}
            sum(case when first_digit = '{{ digit }}' then 1 else 0 end)
                as first_{{ digit }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from numbers_of_sets
    group by report_year, set_kind, set_code

),

-- the mean distance of the nine shares from those of the law, as Nigrini measures it
deviations as (

    select
        *,
        (
            {% for digit in digits %}
                abs(cast(first_{{ digit }} as double) / numbers - log10(1 + cast(1 as double) / {{ digit }}))
                {{ '+' if not loop.last }}
            {% endfor %}
        ) / {{ digits | length }} as mean_deviation
    from sets

),

final as (

    select
        deviations.report_year,
        deviations.set_kind,
        deviations.set_code,
        deviations.numbers,
        {% for digit in digits %}
            cast(deviations.first_{{ digit }} as bigint) as first_{{ digit }},
        {% endfor %}
        cast(deviations.mean_deviation as decimal(9, 6)) as mean_deviation,
        -- of few numbers nothing is said
        case
            when deviations.numbers >= sanity_bounds.numbers_at_least
                then deviations.mean_deviation >= sanity_bounds.deviation_at_least
        end as is_conspicuous
    from deviations
    cross join sanity_bounds

)

select * from final
