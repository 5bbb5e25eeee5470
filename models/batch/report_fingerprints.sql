-- One hash a report revision of all that its numbers and verdicts hang on, its own: what was landed of it, its agency,
-- its successions, the members that it adds up, what stewards decided on it, and how it was read. And which build this
-- is, made by what.
with agencies as (

    select * from {{ ref('stg_agencies') }}

),

agency_successions as (

    select * from {{ ref('stg_agency_successions') }}

),

rollup_members as (

    select * from {{ ref('stg_rollup_members') }}

),

corrections as (

    select * from {{ ref('corrections') }}

),

ledger as (

    select * from {{ ref('acknowledged_issues') }}

),

evidence as (

    select * from {{ ref('report_evidence') }}

),

reports as (

    select
        report_id,
        agency_id,
        cast(report_year as integer) as report_year
    from {{ rows_landed('raw_reports') }}

),

-- one row for each row that a report's numbers and verdicts hang on
rows_behind as (

    {% for table, columns in var('raw_columns').items() %}
        select
            report_id,
            {{ hash_of_key(["'" ~ table ~ "'"] + columns | list) }} as hash_of_row,
            1 as is_landed
        from {{ rows_landed(table) }}
        union all
    {% endfor %}
    select
        reports.report_id,
        {{ hash_of_key([
            "'agency'", 'agencies.agency_id', 'agencies.agency_name', 'agencies.region_code', 'agencies.level',
            'agencies.sector_code', 'agencies.parent_agency_id', 'agencies.predecessor_agency_id',
            'agencies.is_consolidated',
        ]) }} as hash_of_row,
        0 as is_landed
    from reports
    inner join agencies on reports.agency_id = agencies.agency_id
    union all
    select
        reports.report_id,
        {{ hash_of_key([
            "'succession'", 'agency_successions.predecessor_agency_id', 'agency_successions.successor_agency_id',
            'agency_successions.succession_kind', 'agency_successions.effective_year', 'agency_successions.share',
        ]) }} as hash_of_row,
        0 as is_landed
    from reports
    inner join agency_successions
        on reports.agency_id in (agency_successions.successor_agency_id, agency_successions.predecessor_agency_id)
    union all
    select
        reports.report_id,
        {{ hash_of_key(["'member'", 'rollup_members.member_agency_id', 'rollup_members.is_complete']) }} as hash_of_row,
        0 as is_landed
    from reports
    inner join rollup_members
        on reports.agency_id = rollup_members.agency_id and reports.report_year = rollup_members.report_year
    union all
    select
        report_id,
        {{ hash_of_key(["'correction'", 'form_table', 'line_code', 'column_code', 'printed', 'corrected']) }}
            as hash_of_row,
        0 as is_landed
    from corrections
    union all
    select
        report_id,
        {{ hash_of_key([
            "'entry'", 'identity_id', 'slice', 'observed_lhs', 'observed_rhs', 'expires_on >= ' ~ today()
        ]) }} as hash_of_row,
        0 as is_landed
    from ledger
    union all
    select
        report_id,
        {{ hash_of_key(["'evidence'", 'evidence']) }} as hash_of_row,
        0 as is_landed
    from evidence

),

fingerprints as (

    select
        report_id,
        {{ hash_of_rows(['hash_of_row']) }} as fingerprint
    from rows_behind
    group by report_id
    -- the seeds know of reports that are not landed
    having max(is_landed) = 1

),

final as (

    select
        fingerprints.report_id,
        reports.agency_id,
        reports.report_year,
        fingerprints.fingerprint,
        '{{ invocation_id }}' as build_id,
        '{{ code_in_use() if execute }}' as code,
        {{ is_increment() | lower }} as is_by_increment
    from fingerprints
    -- rows of a report that was not landed itself are for the tests to find
    left join reports on fingerprints.report_id = reports.report_id

)

select * from final
