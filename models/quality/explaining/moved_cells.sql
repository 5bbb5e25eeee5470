-- Table 三 as it would have to be if its numbers had moved as a whole: each cell that a move changes, with the number
-- that belongs there. A number that the move has left nowhere is what an identity lacks.
with moves_tried as (

    select * from {{ ref('moves_tried') }}

),

own_rows as (

    select * from {{ ref('int_request_rows') }}
    where {{ is_among('report_id', 'moves_tried', 'report_id') }}

),

own_cells as (

    {{ request_cells('own_rows') }}

),

table_moves as (

    select * from {{ ref('table_moves') }}

),

form_lines as (

    select * from {{ ref('dim_form_line') }}

),

applicant_types as (

    select * from {{ ref('applicant_types') }}

),

check_sources as (

    select * from {{ whole('int_check_sources') }}
    where scope = 'own' and year_offset = -1

),

identity_cells as (

    select * from {{ ref('int_identity_terms') }}
    where scope = 'own' and year_offset = 0

),

moves as (

    select
        moves_tried.report_id,
        moves_tried.move,
        max(table_moves.kind) as kind,
        max(abs(table_moves.line_offset)) = 0 as is_along_rows,
        max(table_moves.closed_by) as told_by
    from moves_tried
    inner join table_moves on moves_tried.move = table_moves.move
    group by moves_tried.report_id, moves_tried.move

),

-- the parts of moves spelled out, place by place
places_moved as (

    select
        table_moves.move,
        form_lines.line_code,
        applicant_types.type_order as column_place,
        table_moves.line_offset,
        table_moves.column_offset,
        table_moves.closed_by,
        coalesce(form_lines.line_code = table_moves.left_line, false)
        or coalesce(applicant_types.type_order = table_moves.left_column, false) as is_left
    from table_moves
    inner join applicant_types
        on applicant_types.type_order between table_moves.first_column and table_moves.last_column
    inner join form_lines on coalesce(table_moves.line_code, form_lines.line_code) = form_lines.line_code
    where form_lines.form_table = 'requests'

),

places as (

    select
        own_cells.report_id,
        own_cells.line_code,
        own_cells.column_code,
        own_cells.value,
        applicant_types.type_order as column_place,
        dense_rank() over (partition by own_cells.report_id order by form_lines.line_order) as line_place,
        max(abs(own_cells.value)) over (partition by own_cells.report_id, own_cells.line_code) = 0 as is_in_empty_row
    from own_cells
    inner join form_lines on own_cells.line_code = form_lines.line_code
    inner join applicant_types on own_cells.column_code = applicant_types.applicant_type
    where own_cells.value_status = 'reported'

),

moved as (

    select
        places.report_id,
        moves.move,
        moves.kind,
        places.line_code,
        places.column_code,
        places.value,
        moves.told_by,
        places_moved.closed_by,
        case when places_moved.move is null then places.value else sources.value end as value_after,
        coalesce(places_moved.is_left, false) as is_left
    from places
    inner join moves
        on places.report_id = moves.report_id and not (moves.is_along_rows and places.is_in_empty_row)
    left join places_moved
        on
            moves.move = places_moved.move
            and places.line_code = places_moved.line_code
            and places.column_place = places_moved.column_place
    left join places as sources
        on
            places.report_id = sources.report_id
            and places.line_place + places_moved.line_offset = sources.line_place
            and places.column_place + places_moved.column_offset = sources.column_place
    -- what stays where it was matters only where it tells a number that is lost
    where places_moved.move is not null or moves.told_by is not null

),

lost as (

    select *
    from moved
    where value_after is null

),

-- what the numbers that are known add up to, in the identity that tells those that are lost
known as (

    select
        moved.report_id,
        moved.move,
        identity_cells.identity_id,
        identity_cells.slice,
        sum(identity_cells.coefficient * moved.value_after) as value
    from moved
    inner join identity_cells
        on
            moved.told_by = identity_cells.identity_id
            and moved.line_code = identity_cells.line_code
            and moved.column_code = identity_cells.column_code
            and identity_cells.form_table = 'requests'
    where moved.value_after is not null
    group by moved.report_id, moved.move, identity_cells.identity_id, identity_cells.slice

),

-- what that identity lacks is the number that is lost
closed as (

    select
        lost.report_id,
        lost.move,
        lost.line_code,
        lost.column_code,
        -sum(known.value) / max(identity_cells.coefficient) as value_after
    from lost
    inner join identity_cells
        on
            lost.closed_by = identity_cells.identity_id
            and lost.line_code = identity_cells.line_code
            and lost.column_code = identity_cells.column_code
            and identity_cells.form_table = 'requests'
    inner join known
        on
            lost.report_id = known.report_id
            and lost.move = known.move
            and identity_cells.identity_id = known.identity_id
            and identity_cells.slice = known.slice
    group by lost.report_id, lost.move, lost.line_code, lost.column_code

),

wholly_moved as (

    select
        moved.report_id,
        moved.move,
        moved.kind,
        moved.line_code,
        moved.column_code,
        moved.value,
        coalesce(moved.value_after, closed.value_after) as value_after
    from moved
    left join closed
        on
            moved.report_id = closed.report_id
            and moved.move = closed.move
            and moved.line_code = closed.line_code
            and moved.column_code = closed.column_code
    qualify
        min(case when moved.value_after is null and closed.value_after is null then 0 else 1 end)
            over (partition by moved.report_id, moved.move)
        = 1
        -- where numbers moved away from, nothing is left
        and max(case when moved.is_left then abs(moved.value) else 0 end)
            over (partition by moved.report_id, moved.move)
        = 0

),

last_years as (

    select distinct
        moves_tried.report_id,
        check_sources.source_report_id
    from moves_tried
    inner join check_sources on moves_tried.report_id = check_sources.report_id
    where moves_tried.move in ('table_of_last_year', 'cumulative')

),

request_rows as (

    select * from {{ whole('int_request_rows') }}
    where not is_absent and {{ is_among('report_id', 'last_years', 'source_report_id') }}

),

last_years_rows as (

    select
        request_rows.*,
        last_years.report_id as following_report_id
    from request_rows
    inner join last_years on request_rows.report_id = last_years.source_report_id

),

last_years_cells as (

    {{ request_cells('last_years_rows', ['following_report_id']) }}

),

beside_last_year as (

    select
        places.report_id,
        moves_tried.move,
        places.line_code,
        places.column_code,
        places.value,
        last_years_cells.value as last_value
    from places
    inner join moves_tried on places.report_id = moves_tried.report_id
    inner join last_years_cells
        on
            places.report_id = last_years_cells.following_report_id
            and places.line_code = last_years_cells.line_code
            and places.column_code = last_years_cells.column_code

),

final as (

    select
        report_id,
        move,
        kind,
        line_code,
        column_code,
        value,
        cast(value_after as decimal(28, 4)) as value_after
    from wholly_moved
    where value_after <> value
    union all
    -- what would have to stand in a copied table, nothing tells
    select
        report_id,
        move,
        move as kind,
        line_code,
        column_code,
        value,
        cast(case when move = 'cumulative' then value - last_value end as decimal(28, 4)) as value_after
    from beside_last_year
    where move = 'table_of_last_year' or (move = 'cumulative' and last_value <> 0)

)

select * from final
