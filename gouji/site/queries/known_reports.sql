select report_id from marts.dim_report
where report_id in (select unnest($asked))
