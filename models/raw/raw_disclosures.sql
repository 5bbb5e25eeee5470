{{ landed_table('raw_disclosures') }}
