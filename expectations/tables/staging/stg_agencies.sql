-- The bodies of the seed as it says, and whoever has landed a report. The rest of a landing folder's bodies are in the
-- folder alone, which the gate does not read.
{% set key = ['agency_id'] %}
{% set title_zh = '机关与种子表一致，凡入库报告的机关均在其中' %}
{% set title_en = 'The bodies are as the seed says, and those that have reports are among them' %}
{% set in_question %}
    select agency_id from reference.agencies union select agency_id from raw.raw_reports
{% endset %}
{% set found %}from staging.stg_agencies where agency_id in ({{ in_question }}){% endset %}
from reference.agencies
union all
select distinct landed.*
from (select distinct agency_id from raw.raw_reports) as reporting
left join staging.stg_agencies as landed using (agency_id)
where agency_id not in (select agency_id from reference.agencies)
