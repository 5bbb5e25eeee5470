-- depends_on: {{ ref('raw_changes') }}
{{ by_report('raw_changes') }}

{{ landed_table('raw_narrative_figures') }}
{% if writes_touched_only() %}
    where report_id in (select report_id from {{ ref('raw_changes') }})
{% endif %}
