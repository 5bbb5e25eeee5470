{{ landed_table('raw_reviews') }}
