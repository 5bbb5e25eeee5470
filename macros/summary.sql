{% macro summary_measures() %}
    {% set outcome = "stage = 'outcome'" %}
    {% do return([
        {'name': 'new_requests', 'fact': 'fct_requests', 'cells': "line_code = 'new_requests'"},
        {'name': 'carried_in', 'fact': 'fct_requests', 'cells': "line_code = 'carried_in'"},
        {'name': 'processed', 'fact': 'fct_requests', 'cells': outcome},
        {'name': 'granted', 'fact': 'fct_requests', 'cells': "outcome_group = 'granted'"},
        {'name': 'partially_granted', 'fact': 'fct_requests', 'cells': "outcome_group = 'partial'"},
        {'name': 'denied', 'fact': 'fct_requests', 'cells': "outcome_group = 'denied'"},
        {'name': 'unavailable', 'fact': 'fct_requests', 'cells': "outcome_group = 'unavailable'"},
        {'name': 'unprocessed', 'fact': 'fct_requests', 'cells': "outcome_group = 'unprocessed'"},
        {'name': 'other_processing', 'fact': 'fct_requests', 'cells': "outcome_group = 'other'"},
        {'name': 'carried_out', 'fact': 'fct_requests', 'cells': "line_code = 'carried_out'"},
        {'name': 'requests_in_hand', 'fact': 'fct_requests', 'cells': "stage in ('received', 'carried_in')"},
        {
            'name': 'reviews_concluded',
            'fact': 'fct_review_litigation',
            'cells': "channel = 'review' and result <> 'pending'",
        },
        {
            'name': 'reviews_corrected',
            'fact': 'fct_review_litigation',
            'cells': "channel = 'review' and result = 'corrected'",
        },
        {
            'name': 'lawsuits_concluded',
            'fact': 'fct_review_litigation',
            'cells': "channel <> 'review' and result <> 'pending'",
        },
        {
            'name': 'lawsuits_lost',
            'fact': 'fct_review_litigation',
            'cells': "channel <> 'review' and result = 'corrected'",
        },
        {
            'name': 'normative_documents_made',
            'fact': 'fct_published_items',
            'cells': "line_code = 'normative_document' and measure_code = 'made'",
        },
        {
            'name': 'normative_documents_in_force',
            'fact': 'fct_published_items',
            'cells': "line_code = 'normative_document' and measure_code = 'in_force'",
        },
        {
            'name': 'permit_decisions',
            'fact': 'fct_published_items',
            'cells': "line_code = 'permit' and measure_code = 'decisions'",
        },
        {
            'name': 'penalty_decisions',
            'fact': 'fct_published_items',
            'cells': "line_code = 'penalty' and measure_code = 'decisions'",
        },
        {
            'name': 'coercion_decisions',
            'fact': 'fct_published_items',
            'cells': "line_code = 'coercion' and measure_code = 'decisions'",
        },
        {'name': 'fee_yuan', 'fact': 'fct_published_items', 'cells': "line_code = 'fee' and measure_code = 'amount'"},
        {
            'name': 'procurement_yuan',
            'fact': 'fct_published_items',
            'cells': "line_code = 'procurement' and measure_code = 'amount'",
        },
    ]) %}
{% endmacro %}

{% macro summary_rates() %}
    {% do return([
        {'name': 'granted_rate', 'numerator': 'granted', 'denominator': 'processed'},
        {'name': 'partially_granted_rate', 'numerator': 'partially_granted', 'denominator': 'processed'},
        {'name': 'denied_rate', 'numerator': 'denied', 'denominator': 'processed'},
        {'name': 'unavailable_rate', 'numerator': 'unavailable', 'denominator': 'processed'},
        {'name': 'unprocessed_rate', 'numerator': 'unprocessed', 'denominator': 'processed'},
        {'name': 'carried_out_rate', 'numerator': 'carried_out', 'denominator': 'requests_in_hand', 'is_part': false},
        {'name': 'reviews_corrected_rate', 'numerator': 'reviews_corrected', 'denominator': 'reviews_concluded'},
        {'name': 'lawsuits_lost_rate', 'numerator': 'lawsuits_lost', 'denominator': 'lawsuits_concluded'},
    ]) %}
{% endmacro %}

{% macro measures_by_report(fact, cells, without_number='case when value is null then 1 else 0 end') %}
    select
        report_id
        {%- for measure in summary_measures() if measure.fact == fact %},
        cast(sum(case when {{ measure.cells }} then value end) as {{ measure_type(measure) }}) as {{ measure.name }},
        cast(sum(case when {{ measure.cells }} then {{ without_number }} else 0 end) as bigint)
            as {{ measure.name }}_not_reported
        {%- endfor %}
    from {{ cells }}
    group by report_id
{% endmacro %}

{#- `times`: how often a report counts. A cell without a number is not in the sum that takes it back, so
    with overlaps a sum is no lower bound. -#}
{% macro sums_of_measures(times=none) -%}
    {%- set factor = ' * ' ~ times if times else '' %}
    {%- for measure in summary_measures() %}
        cast(sum({{ measure.name }}{{ factor }}) as {{ measure_type(measure) }}) as {{ measure.name }},
        cast(sum({{ measure.name }}_not_reported{{ ' * greatest(' ~ times ~ ', 0)' if times }}) as bigint) as {{ measure.name }}_not_reported
        {{- ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{% macro measure_type(measure) -%}
    {{ 'decimal(28, 4)' if measure.name.endswith('_yuan') else 'bigint' }}
{%- endmacro %}

{% macro rates() -%}
    {%- for rate in summary_rates() %}
        cast({{ rate.numerator }} as double) / nullif({{ rate.denominator }}, 0) as {{ rate.name }},
        {{ rate.denominator }} as {{ rate.name }}_denominator,
        {{ rate.denominator }}_not_reported
        {%- if rate.is_part is defined and not rate.is_part %} + {{ rate.numerator }}_not_reported{% endif %}
            as {{ rate.name }}_not_reported
        {{- ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- Over the reports that count. -#}
{% macro basis_of_reports(counts='true') -%}
    case
        when max(case when {{ counts }} and not is_consolidated then 1 else 0 end) = 0 then 'consolidated'
        when max(case when {{ counts }} and is_consolidated then 1 else 0 end) = 0 then 'members'
        else 'mixed'
    end
{%- endmacro %}

{% macro fact_tables() %}
    {% do return({
        'fct_published_items': 'disclosures',
        'fct_requests': 'requests',
        'fct_review_litigation': 'reviews',
    }) %}
{% endmacro %}
