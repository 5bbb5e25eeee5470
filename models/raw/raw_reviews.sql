{{ by_report('raw_changes') }}

{{ landed_model('raw_reviews') }}
