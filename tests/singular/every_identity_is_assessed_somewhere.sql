-- An identity that is suddenly checked nowhere must not pass as "no issue". Where reports hold what it needs,
-- last year's report, members or a stated figure among it, at least one of its checks was made. A figure of the
-- prose that is rarely stated may by chance meet unreadable cells only: for those it is enough to find the cells. Few
-- reports print a line beside its parts.
with identities as (

    select * from {{ ref('identities') }}

),

identity_terms as (

    select * from {{ ref('identity_terms') }}

),

check_sources as (

    select * from {{ whole('int_check_sources') }}

),

reports as (

    select * from {{ whole('int_reports') }}

),

narrative_figures as (

    select * from {{ whole('int_narrative_figures') }}

),

request_rows as (

    select * from {{ whole('int_request_rows') }}

),

checks as (

    select * from {{ whole('fct_identity_checks') }}

),

identity_coverage as (

    select * from {{ ref('identity_coverage') }}

),

needs as (

    select distinct
        identities.identity_id,
        identities.layout,
        identity_terms.scope,
        identity_terms.year_offset
    from identities
    inner join identity_terms on identities.identity_id = identity_terms.identity_id

),

ways as (

    select distinct
        layout,
        scope,
        year_offset
    from needs

),

ways_open as (

    select
        ways.layout,
        ways.scope,
        ways.year_offset,
        count(*) as reports
    from ways
    inner join check_sources on ways.scope = check_sources.scope and ways.year_offset = check_sources.year_offset
    inner join reports
        on check_sources.report_id = reports.report_id and (ways.layout is null or ways.layout = reports.layout)
    group by ways.layout, ways.scope, ways.year_offset

),

needs_met as (

    select
        needs.identity_id,
        coalesce(ways_open.reports, 0) as reports
    from needs
    left join ways_open
        on
            needs.scope = ways_open.scope
            and needs.year_offset = ways_open.year_offset
            and coalesce(needs.layout, '') = coalesce(ways_open.layout, '')

),

figures_never_stated as (

    select identity_terms.identity_id
    from identity_terms
    left join narrative_figures on identity_terms.line_code = narrative_figures.figure_code
    where identity_terms.form_table = 'narrative'
    group by identity_terms.identity_id
    having count(narrative_figures.report_id) = 0

),

subtotals as (

    select distinct line_code
    from request_rows
    where is_subtotal

),

subtotals_never_printed as (

    select identity_terms.identity_id
    from identity_terms
    left join subtotals on identity_terms.line_code = subtotals.line_code
    where identity_terms.reading = 'subtotal' and subtotals.line_code is null

),

can_be_checked as (

    select needs_met.identity_id
    from needs_met
    left join figures_never_stated on needs_met.identity_id = figures_never_stated.identity_id
    left join subtotals_never_printed on needs_met.identity_id = subtotals_never_printed.identity_id
    where figures_never_stated.identity_id is null and subtotals_never_printed.identity_id is null
    group by needs_met.identity_id
    having min(needs_met.reports) > 0

),

checked as (

    select identity_id
    from identity_coverage
    where assessable > 0
    union
    select checks.identity_id
    from checks
    inner join identities on checks.identity_id = identities.identity_id
    where identities.family = 'narrative' and checks.reason <> 'absent: one side'

)

select can_be_checked.identity_id
from can_be_checked
left join checked on can_be_checked.identity_id = checked.identity_id
where checked.identity_id is null
