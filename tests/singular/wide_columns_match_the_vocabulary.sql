-- The wide columns that the macros name are the applicant types and results of the seeds.
with named as (

    {% for column in applicant_columns() %}
        select
            'applicant_type' as dimension,
            '{{ column }}' as code
        union all
    {% endfor %}
    {% for column in result_columns() %}
        select
            'result' as dimension,
            '{{ column }}' as code
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

vocabulary as (

    select
        'applicant_type' as dimension,
        applicant_type as code
    from {{ ref('applicant_types') }}
    union all
    select
        dimension,
        code
    from {{ ref('channels_results') }}
    where dimension = 'result'

)

select
    coalesce(named.dimension, vocabulary.dimension) as dimension,
    coalesce(named.code, vocabulary.code) as code
from named
full outer join vocabulary on named.dimension = vocabulary.dimension and named.code = vocabulary.code
where named.code is null or vocabulary.code is null
