-- Every region with each region that it lies in, itself among them; depth 1 is the province, 4 the township.
with regions as (

    select * from {{ ref('int_regions') }}

),

final as (

    {% for level in ['province', 'prefecture', 'county', 'township'] %}
        select
            region_code,
            {{ 'region' if level == 'township' else level }}_code as region_within,
            '{{ level }}' as region_level,
            {{ loop.index }} as depth
        from regions
        where {{ "region_level = 'township'" if level == 'township' else level ~ '_code is not null' }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select * from final
