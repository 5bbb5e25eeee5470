select * from {{ rows_landed('raw_disclosures') }}
