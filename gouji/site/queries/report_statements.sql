-- Every figure that the prose states, and what the check of it against the tables says.
select
    stated.report_id,
    stated.figure_code,
    figures.label_zh,
    figures.label_en,
    stated.printed,
    stated.locator,
    checks.status,
    checks.is_acknowledged,
    checks.reason,
    checks.lhs,
    checks.rhs
from staging.stg_narrative_figures as stated
inner join report_pages using (report_id)
inner join reference.figures using (figure_code)
left join reference.identity_terms as terms
    on terms.form_table = 'narrative' and stated.figure_code = terms.line_code
left join quality.fct_identity_checks as checks
    on stated.report_id = checks.report_id and terms.identity_id = checks.identity_id
order by stated.report_id, stated.locator, stated.figure_code, stated.printed
