-- What a steward reads, as temporary views over a warehouse that stays as it is.

create temp view line_words as
select
    form_lines.layout,
    form_lines.form_table,
    form_lines.line_code,
    form_lines.line_order,
    -- （三）不予公开 stands over 1.属于国家秘密
    case
        when starts_with(form_lines.label_zh, outcome_groups.label_zh) then form_lines.label_zh
        else concat_ws(' ', outcome_groups.label_zh, form_lines.label_zh)
    end as line_zh,
    form_lines.label_en as line_en
from reference.form_lines
left join reference.outcome_groups using (outcome_group)
union all
select layouts.layout, 'narrative', figures.figure_code, 1, figures.label_zh, figures.label_en
from reference.figures
cross join reference.layouts;

create temp view column_words as
select
    layouts.layout,
    'requests' as form_table,
    applicant_type as column_code,
    type_order as column_order,
    applicant_types.label_zh as column_zh,
    applicant_types.label_en as column_en,
    false as is_money
from reference.applicant_types
cross join reference.layouts
union all
select
    layouts.layout, 'reviews', code, code_order,
    channels_results.label_zh, channels_results.label_en, false
from reference.channels_results
cross join reference.layouts
where dimension = 'result'
union all
select
    layout, 'disclosures', measure_code, measure_order, label_zh, label_en, kind = 'amount'
from reference.measures
union all
select layout, 'narrative', 'stated', 1, '正文所述', 'stated in the prose', false
from reference.layouts;

create temp view printed_texts as
select report_id, form_table, line_code, column_code, printed, cast(null as varchar) as locator
from marts.printed_cells
union all
-- a figure that the prose states twice has two texts
select
    report_id, 'narrative', figure_code, 'stated',
    string_agg(printed, ' | ' order by locator, printed),
    string_agg(distinct locator, ' | ' order by locator)
from staging.stg_narrative_figures
group by report_id, figure_code;

-- The cells that a term can stand for: one that names its line stands for no subtotal, or for nothing else. (Two rows
-- for a cell, because a join on anything but equals compares every check with every cell.)
create temp view term_cells as
select *, 'all' as rows_read
from intermediate.int_cells
union all
select *, if(is_subtotal, 'subtotals', 'others') as rows_read
from intermediate.int_cells;

-- The rows whose total is blank, with the parts that are read in its place.
create temp view parts_of_totals as
select report_id, 'requests' as form_table, line_code, applicant_type as column_code
from intermediate.int_request_rows
cross join reference.applicant_types
where is_without_total and kind = 'leaf'
union all
select report_id, 'reviews', channel, code
from intermediate.int_review_rows
cross join reference.channels_results
where is_without_total and dimension = 'result' and kind = 'leaf';

-- The checks whose cells are read: all, unless a reader of many puts a view of those that it wants in its place,
-- because no condition on check_terms reaches the checks before they are joined with their cells.
create temp view asked_checks as
select report_id, identity_id, slice
from quality.fct_identity_checks;

-- Each cell that a check adds up, in the order of the identity. Cells that the document does not
-- have and that the identity leaves out are not there.
create temp view check_terms as
select
    checks.report_id,
    checks.identity_id,
    checks.slice,
    terms.term_order,
    terms.side,
    case terms.side when 'left' then terms.coefficient else -terms.coefficient end as weight,
    terms.scope,
    terms.year_offset,
    terms.form_table,
    coalesce(terms.line_code, checks.slice) as line_code,
    coalesce(parts.column_code, terms.column_code, checks.slice) as column_code,
    column_words.column_order,
    line_words.line_zh,
    line_words.line_en,
    column_words.column_zh,
    column_words.column_en,
    coalesce(column_words.is_money, false) as is_money,
    pairs.source_report_id,
    sources.agency_name as source_agency,
    sources.report_year as source_year,
    sources.title as source_title,
    sources.source_document,
    sources.source_url,
    printed_texts.printed,
    printed_texts.locator,
    cells.value,
    case
        when pairs.source_report_id is null then 'no_report'
        else coalesce(cells.value_status, 'absent')
    end as value_status
from asked_checks as checks
inner join reference.identity_terms as terms using (identity_id)
inner join marts.dim_report as reports using (report_id)
left join intermediate.int_check_sources as pairs
    on
        checks.report_id = pairs.report_id
        and terms.scope = pairs.scope
        and terms.year_offset = pairs.year_offset
left join marts.dim_report as sources on pairs.source_report_id = sources.report_id
left join parts_of_totals as parts
    on
        terms.reading = 'total_or_parts'
        and pairs.source_report_id = parts.report_id
        and terms.form_table = parts.form_table
        and coalesce(terms.line_code, checks.slice) = parts.line_code
left join term_cells as cells
    on
        pairs.source_report_id = cells.report_id
        and terms.form_table = cells.form_table
        and coalesce(terms.line_code, checks.slice) = cells.line_code
        and coalesce(parts.column_code, terms.column_code, checks.slice) = cells.column_code
        and case when terms.reading = 'subtotal' then 'subtotals' when terms.line_code is null then 'all' else 'others' end
        = cells.rows_read
left join printed_texts
    on
        cells.report_id = printed_texts.report_id
        and cells.form_table = printed_texts.form_table
        and cells.line_code = printed_texts.line_code
        and cells.column_code = printed_texts.column_code
left join line_words
    on
        coalesce(sources.layout, reports.layout) = line_words.layout
        and terms.form_table = line_words.form_table
        and coalesce(terms.line_code, checks.slice) = line_words.line_code
left join column_words
    on
        coalesce(sources.layout, reports.layout) = column_words.layout
        and terms.form_table = column_words.form_table
        and coalesce(parts.column_code, terms.column_code, checks.slice) = column_words.column_code
where terms.when_absent <> 'leave_out' or coalesce(cells.value_status, 'absent') <> 'absent';

-- Every check with the words of its identity, its slice and its entry in the ledger. Lines and columns are told apart
-- before they are looked up: with `slice_by` in the condition DuckDB would compare every check with every word.
create temp view check_words as
with checks as (

    select
        fct_identity_checks.*,
        reports.agency_name,
        reports.layout,
        identities.family,
        identities.severity,
        identities.basis,
        identities.title_zh,
        identities.title_en,
        identities.slice_by,
        identities.form_table,
        case identities.slice_by when 'line' then fct_identity_checks.slice end as line_code,
        case identities.slice_by when 'column' then fct_identity_checks.slice end as column_code
    from quality.fct_identity_checks
    inner join reference.identities using (identity_id)
    inner join marts.dim_report as reports using (report_id)

)

select
    checks.* exclude (layout, form_table, line_code, column_code),
    coalesce(line_words.line_zh, column_words.column_zh) as slice_zh,
    coalesce(line_words.line_en, column_words.column_en) as slice_en,
    coalesce(line_words.line_order, column_words.column_order, 0) as slice_order,
    ledger.observed_lhs,
    ledger.observed_rhs,
    ledger.reason as acknowledged_reason,
    ledger.evidence as acknowledged_evidence,
    ledger.acknowledged_by,
    ledger.acknowledged_on,
    ledger.expires_on,
    corrected.lhs as corrected_lhs,
    corrected.rhs as corrected_rhs,
    corrected.status as corrected_status
from checks
left join line_words
    on
        checks.layout = line_words.layout
        and checks.form_table = line_words.form_table
        and checks.line_code = line_words.line_code
left join column_words
    on
        checks.layout = column_words.layout
        and checks.form_table = column_words.form_table
        and checks.column_code = column_words.column_code
left join intermediate.int_acknowledgements as ledger
    on
        checks.report_id = ledger.report_id
        and checks.identity_id = ledger.identity_id
        and checks.slice = ledger.slice
left join quality.corrected_checks as corrected
    on
        checks.report_id = corrected.report_id
        and checks.identity_id = corrected.identity_id
        and checks.slice = corrected.slice;

-- Every issue with the words of its check and the state of its cause: how many checks that has, and the issue's place
-- among them, an error before a warning.
create temp view issue_words as
select
    check_words.*,
    issues.root_cause_id,
    issues.likely_slip,
    issues.figures_affected,
    states.state,
    states.state_since,
    states.checks_open,
    min(check_words.severity) over cause as cause_severity,
    count(*) over cause as checks,
    count_if(check_words.is_acknowledged) over cause as checks_acknowledged,
    row_number() over (
        cause
        order by
            check_words.severity, check_words.identity_id, check_words.report_id,
            check_words.slice_order, check_words.slice
    ) as place
from quality.issues
inner join check_words using (report_id, identity_id, slice)
inner join quality.cause_states as states using (root_cause_id)
-- all issues are broken; said here, it is asked before the words of 170 times as many checks are looked up
where check_words.status = 'broken'
window cause as (partition by issues.root_cause_id);

-- The explanations of broken checks, a row for each cell that one changes.
create temp view suspect_words as
select
    suspects.root_cause_id,
    suspects.hypothesis_id,
    suspects.rank,
    suspects.kind,
    slip_kinds.label_zh as kind_zh,
    slip_kinds.label_en as kind_en,
    suspects.checks_mended,
    suspects.mends,
    suspects.report_id,
    reports.agency_name,
    reports.report_year,
    suspects.form_table,
    suspects.line_code,
    suspects.column_code,
    line_words.line_zh,
    line_words.line_en,
    line_words.line_order,
    column_words.column_zh,
    column_words.column_en,
    column_words.column_order,
    coalesce(column_words.is_money, false) as is_money,
    printed_texts.printed,
    suspects.reported_value,
    suspects.implied_value
from quality.suspect_cells as suspects
inner join reference.slip_kinds using (kind)
inner join marts.dim_report as reports using (report_id)
left join line_words
    on
        reports.layout = line_words.layout
        and suspects.form_table = line_words.form_table
        and suspects.line_code = line_words.line_code
left join column_words
    on
        reports.layout = column_words.layout
        and suspects.form_table = column_words.form_table
        and suspects.column_code = column_words.column_code
left join printed_texts
    on
        suspects.report_id = printed_texts.report_id
        and suspects.form_table = printed_texts.form_table
        and suspects.line_code = printed_texts.line_code
        and suspects.column_code = printed_texts.column_code;

-- What the screens saw, in words; `all` names no line and no column.
create temp view finding_words as
select
    findings.report_id,
    reports.agency_id,
    reports.agency_name,
    reports.report_year,
    reports.title,
    reports.source_url,
    reports.source_document,
    findings.sanity_check_id,
    screens.title_zh,
    screens.title_en,
    findings.form_table,
    findings.line_code,
    findings.column_code,
    line_words.line_zh,
    line_words.line_en,
    line_words.line_order,
    column_words.column_zh,
    column_words.column_en,
    column_words.column_order,
    findings.value,
    findings.usual_value,
    findings.other_report_id
from quality.sanity_findings as findings
inner join reference.sanity_checks as screens using (sanity_check_id)
inner join marts.dim_report as reports using (report_id)
left join line_words
    on
        reports.layout = line_words.layout
        and findings.form_table = line_words.form_table
        and findings.line_code = line_words.line_code
left join column_words
    on
        reports.layout = column_words.layout
        and findings.form_table = column_words.form_table
        and findings.column_code = column_words.column_code;
