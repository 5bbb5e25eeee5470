-- Who took over from whom. A body whose predecessor is named in `agencies` goes on with its numbers wherever it has
-- no report of its own for the year before.
with agencies as (

    select * from {{ ref('agencies') }}

),

agency_successions as (

    select * from {{ ref('agency_successions') }}

),

recorded as (

    {{ with_landed('agency_successions', [
        'predecessor_agency_id', 'successor_agency_id', 'succession_kind', 'effective_year', 'share',
    ]) }}

),

predecessors as (

    {{ with_landed('agencies', ['agency_id', 'predecessor_agency_id']) }}

),

final as (

    select * from recorded
    union all
    select
        predecessor_agency_id,
        agency_id as successor_agency_id,
        'renamed' as succession_kind,
        cast(null as integer) as effective_year,
        cast(null as decimal(5, 4)) as share
    from predecessors
    where
        predecessor_agency_id is not null
        and agency_id not in (select recorded.successor_agency_id from recorded)

)

select * from final
