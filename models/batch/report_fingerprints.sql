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

parts as (

    {% for table, columns in var('raw_columns').items() %}
        select
            report_id,
            '{{ table }}' as part,
            {{ hash_of_rows(columns | list) }} as hash_of_part
        from {{ rows_landed(table) }}
        group by report_id
        union all
    {% endfor %}
    select
        reports.report_id,
        'agency' as part,
        {{ hash_of_rows([
            'agencies.agency_id', 'agencies.agency_name', 'agencies.region_code', 'agencies.level',
            'agencies.sector_code', 'agencies.parent_agency_id', 'agencies.predecessor_agency_id',
            'agencies.is_consolidated',
        ]) }} as hash_of_part
    from reports
    inner join agencies on reports.agency_id = agencies.agency_id
    group by reports.report_id
    union all
    select
        reports.report_id,
        'successions' as part,
        {{ hash_of_rows([
            'agency_successions.predecessor_agency_id', 'agency_successions.successor_agency_id',
            'agency_successions.succession_kind', 'agency_successions.effective_year', 'agency_successions.share',
        ]) }} as hash_of_part
    from reports
    inner join agency_successions
        on reports.agency_id in (agency_successions.successor_agency_id, agency_successions.predecessor_agency_id)
    group by reports.report_id
    union all
    select
        reports.report_id,
        'members' as part,
        {{ hash_of_rows(['rollup_members.member_agency_id', 'rollup_members.is_complete']) }} as hash_of_part
    from reports
    inner join rollup_members
        on reports.agency_id = rollup_members.agency_id and reports.report_year = rollup_members.report_year
    group by reports.report_id
    union all
    select
        report_id,
        'corrections' as part,
        {{ hash_of_rows(['form_table', 'line_code', 'column_code', 'printed', 'corrected']) }} as hash_of_part
    from corrections
    group by report_id
    union all
    select
        report_id,
        'ledger' as part,
        {{ hash_of_rows(['identity_id', 'slice', 'observed_lhs', 'observed_rhs', 'expires_on >= ' ~ today()]) }}
            as hash_of_part
    from ledger
    group by report_id
    union all
    select
        report_id,
        'evidence' as part,
        {{ hash_of_rows(['evidence']) }} as hash_of_part
    from evidence
    group by report_id

),

fingerprints as (

    select
        report_id,
        {{ hash_of_rows(['part', 'hash_of_part']) }} as fingerprint
    from parts
    group by report_id
    -- the seeds know of reports that are not landed
    having max(case when part like 'raw_%' then 1 else 0 end) = 1

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
