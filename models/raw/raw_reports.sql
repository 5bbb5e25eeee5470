{{ landed_table('raw_reports') }}
