-- An explanation counts and lists the checks that it mends. Which slip it looks like is the models' to say.
{% set key = ['report_id', 'hypothesis_id'] %}
{% set title_zh = '每种解释所补足的勾稽与明细一致' %}
{% set title_en = 'An explanation lists the checks that it mends' %}
{% set found %}
    select report_id, hypothesis_id, pattern, hypothesis, cells, checks_mended, first_check, mends
    from quality.explanations
    where kind in (select kind from reference.slip_kinds)
{% endset %}
select
    report_id, hypothesis_id, pattern, hypothesis, cells, count(*) as checks_mended, min(mended) as first_check,
    string_agg(mended, '; ' order by check_report_id, identity_id, slice) as mends
from (
    select *, concat_ws(' ', check_report_id, identity_id, slice) as mended
    from quality.mended_checks
)
group by all
