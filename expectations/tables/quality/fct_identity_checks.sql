-- The checks that say more than a verdict: a reason, or that the ledger holds the break. The verdicts themselves and their
-- sides are compared with the audit's own (gouji/audit/checks.py). A row whose body, year or difference does not follow
-- from its other columns is among the rows found, and never due.
{% from 'parts/cells.sql' import cells_of, is_read with context %}
{% set key = ['report_id', 'identity_id', 'slice'] %}
{% set title_zh = '勾稽结论的原因和登记与单元格、台账一致' %}
{% set title_en = 'The reason of a verdict names the cells without a number, and the ledger the breaks acknowledged' %}
{% set found %}
    select report_id, agency_id, report_year, identity_id, slice, difference, reason, is_acknowledged
    from quality.fct_identity_checks
    where
        reason is not null
        or is_acknowledged is distinct from false
        or difference is distinct from lhs - rhs
        or not coalesce(starts_with(report_id, agency_id || '-' || report_year), false)
        or status = 'not_assessable'
{% endset %}
with missing_cells as (
    select report_id, form_table, line_code, column_code, value_status, is_subtotal, is_without_total
    from ({{ cells_of('select report_id from intermediate.int_reports', missing_only=true) }})
    where value_status <> 'reported'
),

of_terms as (
    select report_id, form_table, scope, year_offset, identity_id, slice, term_order, term_name, value_status
    from missing_cells
    inner join intermediate.int_identity_terms using (form_table, line_code, column_code)
    where {{ is_read() }}
),

missing_terms as materialized (
    select report_id, identity_id, slice, scope, term_order, term_name, value_status
    from of_terms
    where scope = 'own' and year_offset = 0
    union all
    select checks.report_id, identity_id, slice, checks.scope, term_order, term_name, value_status
    from of_terms
    inner join intermediate.int_check_sources as checks
        on of_terms.report_id = source_report_id
        and of_terms.scope = checks.scope and of_terms.year_offset = checks.year_offset
    where (of_terms.scope <> 'own' or of_terms.year_offset <> 0) and not (form_table = 'disclosures' and is_in_other_layout)
),

-- many checks lack the same terms: the words are put together for the first of these
lacking as materialized (
    select report_id, identity_id, slice, sum(cast(hash(term_order, value_status) as hugeint)) as lack
    from missing_terms
    group by report_id, identity_id, slice
),

first_lacking as materialized (
    select identity_id, slice, lack, min(report_id) as report_id
    from lacking
    group by identity_id, slice, lack
),

terms_to_name as materialized (
    from missing_terms semi join first_lacking using (report_id, identity_id, slice)
),

-- a term of members is named once for each of them; another once, of however many cells it is
named as (
    select report_id, identity_id, slice, value_status, string_agg(term_name, ', ' order by term_order) as names
    from (
        select distinct * from terms_to_name where scope = 'own'
        union all
        from terms_to_name where scope = 'members'
    )
    group by all
),

words as (
    select
        identity_id, slice, lack,
        string_agg(value_status || ': ' || names, '; ' order by value_status) as reason
    from named
    inner join first_lacking using (report_id, identity_id, slice)
    group by all
),

reasons as (
    select report_id, identity_id, slice, reason
    from lacking
    inner join words using (identity_id, slice, lack)
),

-- the lines of members that one of them has not got; a subtotal is added to nothing
lines_held as (
    select report_id, 'requests' as form_table, line_code, null as column_code
    from intermediate.int_request_rows where not is_subtotal
    union all
    select report_id, 'reviews', channel, null from intermediate.int_review_rows
    union all
    select report_id, 'disclosures', line_code, measure_code from intermediate.int_disclosure_cells
),

lines_of_members as (
    select distinct form_table, line_code, if(form_table = 'disclosures', column_code, null) as column_code
    from intermediate.int_identity_terms where scope = 'members'
),

members as (
    select report_id, count(*) as members
    from intermediate.int_check_sources where scope = 'members' group by report_id
),

held_by_members as materialized (
    select sources.report_id, form_table, line_code, column_code, count(*) as holders
    from lines_held
    inner join intermediate.int_check_sources as sources on lines_held.report_id = source_report_id
    where scope = 'members'
    group by all
),

short_lines as materialized (
    select members.report_id, lines.form_table, lines.line_code, lines.column_code
    from members
    cross join lines_of_members as lines
    left join held_by_members as held
        on
            members.report_id = held.report_id and lines.form_table = held.form_table
            and lines.line_code = held.line_code and lines.column_code is not distinct from held.column_code
    where coalesce(holders, 0) < members
),

short_of_members as materialized (
    select distinct report_id, identity_id, slice, 'members: a line is missing' as reason
    from intermediate.int_identity_terms as terms
    inner join short_lines using (form_table, line_code)
    where scope = 'members' and terms.column_code = coalesce(short_lines.column_code, terms.column_code)
),

-- rows of which the total alone is filled, in the checks of a total against all parts of its row
identities_of_row_totals as (
    select identity_id, form_table, slice_by, any_value(line_code) as line_code
    from intermediate.int_identity_terms
    where evaluated_by = 'row'
    group by all
    having
        bool_and((side = 'left') = (column_code = 'total') and (side = 'left' or coefficient < 0))
        and count(distinct column_code)
        = if(form_table = 'requests', {{ applicant_columns | length }}, {{ result_columns | length }})
),

undistributed as (
    select report_id, identity_id, request_rows.line_code as slice
    from intermediate.int_request_rows as request_rows
    cross join identities_of_row_totals
    where
        form_table = 'requests' and total > 0
        {% for column in applicant_types %}and {{ column }}_status = 'blank' {% endfor %}
    union all
    select report_id, identity_id, 'all'
    from intermediate.int_review_rows
    inner join identities_of_row_totals on channel = line_code
    where
        form_table = 'reviews' and total > 0
        {% for column in result_columns if column != 'total' %}and {{ column }}_status = 'blank' {% endfor %}
),

ledger as (
    select reports.report_id, identity_id, slice, observed_lhs, observed_rhs
    from stewardship.acknowledged_issues as entries
    inner join raw.raw_reports as editions using (report_id)
    inner join intermediate.int_reports as reports
        on editions.agency_id = reports.agency_id and editions.report_year::integer = reports.report_year
    qualify row_number() over (
        partition by reports.report_id, identity_id, slice, observed_lhs, observed_rhs
        order by entries.report_id = reports.report_id desc, acknowledged_on desc, entries.report_id desc
    ) = 1 and expires_on >= date '{{ day }}'
)

select
    report_id, reports.agency_id, reports.report_year, identity_id, slice, lhs - rhs as difference,
    coalesce(
        unassessable.reason,
        short_of_members.reason,
        if(undistributed.report_id is null, null, 'undistributed: total'),
        reasons.reason,
        if(status = 'not_assessable', 'absent: one side', null)
    ) as reason,
    coalesce(status = 'broken' and lhs = observed_lhs and rhs = observed_rhs, false) as is_acknowledged
from quality.fct_identity_checks as checks
left join reasons using (report_id, identity_id, slice)
left join short_of_members using (report_id, identity_id, slice)
left join undistributed using (report_id, identity_id, slice)
left join intermediate.int_unassessable_checks as unassessable using (report_id, identity_id)
left join ledger using (report_id, identity_id, slice)
left join intermediate.int_reports as reports using (report_id)
where
    status = 'not_assessable'
    or reasons.reason is not null
    or short_of_members.reason is not null
    or status = 'broken' and lhs = observed_lhs and rhs = observed_rhs
