-- Broken checks that no fault explains.
select count(*) as accused_clean
from found anti join expected using (report_id, identity_id, slice)
