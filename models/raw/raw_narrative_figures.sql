select * from {{ rows_landed('raw_narrative_figures') }}
