-- Checks that are broken and nobody has acknowledged, as they were not in the build before.
select report_id, identity_id, slice from quality.issues where not is_acknowledged
except
select report_id, identity_id, slice from {{ earlier }}quality.issues where not is_acknowledged
order by all
