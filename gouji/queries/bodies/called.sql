-- The bodies of a name, whole if any bears it, else of those that hold it, else of those in which its characters come in
-- this order, as in 吴忠科技局 for 吴忠市科学技术局; former, short and long names among them.
with names as (

    select
        agency_id,
        agency_id as name
    from marts.dim_agency
    union
    select
        agency_id,
        agency_name
    from marts.dim_agency
    union
    select
        agency_id,
        agency_name
    from marts.dim_report
    union
    select
        agency_id,
        other_name
    from reference.agency_names
    union
    -- in plain Latin letters: the place, the line of work, the id
    select
        agency_id,
        lower(strip_accents(concat_ws(' ', replace(name_latin, '''', ''), agency_id)))
    from marts.dim_agency

),

called as (

    select
        agency_id,
        min(case when name = $name then 1 when contains(name, $name) then 2 else 3 end) as likeness
    from names
    where name like $in_this_order escape '\'
    group by agency_id

),

likest as (

    select min(likeness) as likeness from called

)

select
    agencies.agency_id,
    agencies.agency_name,
    count(reports.report_id) as reports,
    min(reports.report_year) as first_year,
    max(reports.report_year) as last_year
from called
semi join likest on called.likeness = likest.likeness
inner join marts.dim_agency as agencies on called.agency_id = agencies.agency_id
left join marts.dim_report as reports on agencies.agency_id = reports.agency_id and reports.is_current
group by agencies.agency_id, agencies.agency_name
order by agencies.agency_id
