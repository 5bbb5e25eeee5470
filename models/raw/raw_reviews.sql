-- depends_on: {{ ref('raw_changes') }}
{{ by_report('raw_changes') }}

{{ landed_table('raw_reviews') }}
{% if writes_touched_only() %}
    where report_id in (select report_id from {{ ref('raw_changes') }})
{% endif %}
