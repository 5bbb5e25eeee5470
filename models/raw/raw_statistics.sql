select * from {{ rows_landed('raw_statistics') }}
