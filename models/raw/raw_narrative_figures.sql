{{ landed_table('raw_narrative_figures') }}
