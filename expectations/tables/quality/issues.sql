-- Every broken check is an issue. Its cause is that of an explanation that mends it, the likeliest; without
-- one it is a cause of its own, and not known.
{% set key = ['report_id', 'identity_id', 'slice'] %}
{% set title_zh = '每项不成立的勾稽各有一条问题' %}
{% set title_en = 'Every broken check is an issue, with the cause that explains it' %}
with explanations as (
    select distinct report_id, hypothesis_id, root_cause_id, rank, kind, likelihood from quality.suspect_cells
),

best as (
    select
        check_report_id as report_id, identity_id, slice,
        arg_min(
            {'root_cause_id': root_cause_id, 'kind': kind},
            (-likelihood, rank, explanations.report_id, hypothesis_id)
        ) as cause
    from quality.mended_checks
    inner join explanations using (report_id, hypothesis_id)
    group by all
),

figures as (
    select root_cause_id, string_agg(distinct figure, ', ' order by figure) as figures_affected
    from quality.suspect_cells
    inner join quality.cell_figures using (form_table, line_code, column_code)
    where rank = 1
    group by root_cause_id
),

equals as (
    select root_cause_id, count(*) as equal_explanations from explanations where rank = 1 group by root_cause_id
)

select
    report_id, agency_id, report_year, identity_id, family, severity, slice, lhs, rhs, difference, is_acknowledged,
    coalesce(cause.root_cause_id, concat_ws(' ', report_id, identity_id, slice)) as root_cause_id,
    coalesce(cause.kind, 'not_known') as likely_slip,
    coalesce(equal_explanations, 0) as equal_explanations,
    figures_affected
from quality.fct_identity_checks
left join reference.identities using (identity_id)
left join best using (report_id, identity_id, slice)
left join figures on cause.root_cause_id = figures.root_cause_id
left join equals on cause.root_cause_id = equals.root_cause_id
where status = 'broken'
