{{ landed_table('raw_requests') }}
