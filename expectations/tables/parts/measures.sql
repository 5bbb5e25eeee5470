{#- What the wide summaries add up: for each figure the fact that has its cells, and which these are. -#}
{% set measures = {
    'new_requests': ('requests', "line_code = 'new_requests'"),
    'carried_in': ('requests', "line_code = 'carried_in'"),
    'processed': ('requests', "stage = 'outcome'"),
    'granted': ('requests', "outcome_group = 'granted'"),
    'partially_granted': ('requests', "outcome_group = 'partial'"),
    'denied': ('requests', "outcome_group = 'denied'"),
    'unavailable': ('requests', "outcome_group = 'unavailable'"),
    'unprocessed': ('requests', "outcome_group = 'unprocessed'"),
    'other_processing': ('requests', "outcome_group = 'other'"),
    'carried_out': ('requests', "line_code = 'carried_out'"),
    'requests_in_hand': ('requests', "line_code in ('new_requests', 'carried_in')"),
    'reviews_concluded': ('reviews', "line_code = 'review' and column_code <> 'pending'"),
    'reviews_corrected': ('reviews', "line_code = 'review' and column_code = 'corrected'"),
    'lawsuits_concluded': ('reviews', "line_code <> 'review' and column_code <> 'pending'"),
    'lawsuits_lost': ('reviews', "line_code <> 'review' and column_code = 'corrected'"),
    'normative_documents_made': ('disclosures', "line_code = 'normative_document' and column_code = 'made'"),
    'normative_documents_in_force': ('disclosures', "line_code = 'normative_document' and column_code = 'in_force'"),
    'permit_decisions': ('disclosures', "line_code = 'permit' and column_code = 'decisions'"),
    'penalty_decisions': ('disclosures', "line_code = 'penalty' and column_code = 'decisions'"),
    'coercion_decisions': ('disclosures', "line_code = 'coercion' and column_code = 'decisions'"),
    'fee_yuan': ('disclosures', "line_code = 'fee' and column_code = 'amount'"),
    'procurement_yuan': ('disclosures', "line_code = 'procurement' and column_code = 'amount'"),
} %}
{#- Each rate with its part, its whole, and the figures whose cells it leaves out where they hold no number. -#}
{% set rates = {
    'granted_rate': ('granted', 'processed', ['processed']),
    'partially_granted_rate': ('partially_granted', 'processed', ['processed']),
    'denied_rate': ('denied', 'processed', ['processed']),
    'unavailable_rate': ('unavailable', 'processed', ['processed']),
    'unprocessed_rate': ('unprocessed', 'processed', ['processed']),
    'carried_out_rate': ('carried_out', 'requests_in_hand', ['requests_in_hand', 'carried_out']),
    'reviews_corrected_rate': ('reviews_corrected', 'reviews_concluded', ['reviews_concluded']),
    'lawsuits_lost_rate': ('lawsuits_lost', 'lawsuits_concluded', ['lawsuits_concluded']),
} %}
{% macro sums_by_report(form_table, cells) %}
    select
        report_id,
        {% for measure, (of_table, condition) in measures.items() if of_table == form_table %}
            sum(value) filter ({{ condition }}) as {{ measure }},
            coalesce(sum(missing) filter ({{ condition }}), 0) as {{ measure }}_not_reported,
        {% endfor %}
    from {{ cells }}
    group by report_id
{% endmacro %}
{% macro sums_of_reports(times='1') %}
    {% for measure in measures %}
        sum({{ times }} * {{ measure }}) as {{ measure }},
        sum(greatest({{ times }}, 0) * {{ measure }}_not_reported) as {{ measure }}_not_reported,
    {% endfor %}
    case
        when bool_and(is_consolidated or {{ times }} < 0) then 'consolidated'
        when bool_or(is_consolidated and {{ times }} > 0) then 'mixed'
        else 'members'
    end as basis,
    count(*) filter ({{ times }} > 0) as reports_used
{% endmacro %}
{% macro rates_of() %}
    {% for rate, (part, whole, left_out) in rates.items() %}
        if({{ whole }} <> 0, cast({{ part }} as double) / {{ whole }}, null) as {{ rate }},
        {{ whole }} as {{ rate }}_denominator,
        {{ left_out | join('_not_reported + ') }}_not_reported as {{ rate }}_not_reported,
    {% endfor %}
{% endmacro %}
