-- The members of the seed as it says. Those of a landing folder are in the folder alone, which the gate does not read.
{% set key = ['agency_id', 'member_agency_id', 'report_year'] %}
{% set title_zh = '汇总成员与种子表一致' %}
{% set title_en = 'The members of consolidated reports are as the seed says' %}
{% set found %}
    from staging.stg_rollup_members
    semi join stewardship.rollup_members using (agency_id, member_agency_id, report_year)
{% endset %}
from stewardship.rollup_members
