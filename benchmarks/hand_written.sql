-- The tables of the marts and of the checks in one script, as one engineer would write it for speed and for DuckDB
-- alone: no layers, no tests, no portability. It is the measure of what DuckDB can do at all.
--
-- Reports, lines and columns are small integers until the end. Table 三 stays wide: v1 … v7 are the numbers of its
-- seven columns, s1 … s7 what stands in the place of each number:
--     0 reported, 1 blank, 2 not applicable, 3 unreadable, 4 absent, 5 contradictory
-- The statuses of all terms of a check together are one number to the base of 6, its pattern; to the base of 32, a bit
-- for each status, where the reports of several bodies may be last year's. There are few of them, so the counts and the
-- reason behind a verdict are worked out once for each pattern and joined.
--
-- Reports of one revision and with no corrections only: the script refuses others.

{% set applicants = [
    'natural_person', 'commercial_enterprise', 'research_institution', 'public_welfare_organization',
    'legal_service_organization', 'other_organization', 'total',
] %}
{% set results = ['upheld', 'corrected', 'other', 'pending', 'total'] %}
{% set measures = [
    'made', 'published', 'public_total', 'repealed', 'in_force', 'prior_items', 'change', 'decisions', 'projects',
    'amount',
] %}
{% macro seed(folder, name) -%}
    read_csv('{{ seeds }}/{{ folder }}/{{ name }}.csv', all_varchar = true)
{%- endmacro %}
{% macro landed(name) -%}
    read_parquet('{{ landing }}/{{ name }}/**/*.parquet', hive_partitioning = false)
{%- endmacro %}

create schema raw;
create schema marts;
create schema quality;

create macro status_of(code) as
    case code
        when 0 then 'reported' when 1 then 'blank' when 2 then 'not_applicable' when 3 then 'unreadable'
        when 4 then 'absent' else 'contradictory'
    end;

-- ## The texts, in the file for people to look them up

{% for table, columns in raw_tables.items() %}
    create table raw.{{ table }} as
    select {% for column in columns %}"{{ column }}"::varchar as "{{ column }}",{% endfor %} from {{ landed(table) }};
{% endfor %}

-- ## Bodies, regions, reports

create temp table terms as
select
    identity_id, term_order::integer as term_order, side, scope, year_offset::integer as year_offset, form_table,
    line_code, column_code, coefficient::integer as coefficient, when_absent, reading
from {{ seed('reference', 'identity_terms') }};

create temp table identities as select * from {{ seed('reference', 'identities') }};

create temp table form_lines as
select * replace (line_order::integer as line_order, is_variant::boolean as is_variant)
from {{ seed('reference', 'form_lines') }};

create table marts.dim_region as
with regions as (
    select * from {{ seed('reference', 'regions') }}
),
climbed as (
    select
        regions.*, parents.region_level as level_2, parents.parent_code as code_3, above.region_level as level_3,
        above.parent_code as code_4
    from regions
    left join regions as parents on regions.parent_code = parents.region_code
    left join regions as above on parents.parent_code = above.region_code
),
placed as (
    select
        *,
        case 'province' when region_level then region_code when level_2 then parent_code when level_3 then code_3
            else code_4 end as province_code,
        case 'prefecture' when region_level then region_code when level_2 then parent_code when level_3 then code_3
            end as prefecture_code,
        case 'county' when region_level then region_code when level_2 then parent_code end as county_code
    from climbed
)
select
    placed.region_code, placed.region_name, placed.region_level, placed.parent_code,
    placed.province_code, provinces.region_name as province,
    placed.prefecture_code, prefectures.region_name as prefecture,
    placed.county_code, counties.region_name as county,
    placed.valid_from::integer as valid_from, placed.valid_to::integer as valid_to, placed.former_name,
    latin.name_latin, latin.is_transliterated::boolean as is_transliterated
from placed
left join {{ seed('reference', 'region_latin_names') }} as latin on placed.region_code = latin.region_code
left join regions as provinces on placed.province_code = provinces.region_code
left join regions as prefectures on placed.prefecture_code = prefectures.region_code
left join regions as counties on placed.county_code = counties.region_code;

create temp table agencies as
select
    agency_id, agency_name, region_code, level, sector_code, nullif(parent_agency_id, '') as parent_agency_id,
    nullif(predecessor_agency_id, '') as predecessor_agency_id, is_consolidated::boolean as is_consolidated
from (
    select * from {{ seed('reference', 'agencies') }}
    union all by name
    select * from read_parquet('{{ landing }}/agencies.parquet')
);

create table marts.dim_agency as
select
    agencies.agency_id, agencies.agency_name, agencies.region_code, province, prefecture, county, agencies.level,
    agencies.sector_code as sector, sectors.label_zh as sector_zh, sectors.label_en as sector_en,
    agencies.parent_agency_id, parents.agency_name as parent, agencies.predecessor_agency_id, agencies.is_consolidated,
    if(name_latin is null, null, concat(name_latin, ': ', sectors.label_en)) as name_latin
from agencies
inner join marts.dim_region using (region_code)
inner join {{ seed('reference', 'sectors') }} as sectors using (sector_code)
left join agencies as parents on agencies.parent_agency_id = parents.agency_id;

create table marts.dim_applicant_type as
select applicant_type, type_order::integer as type_order, label_zh, label_en
from {{ seed('reference', 'applicant_types') }} where kind = 'leaf';

create table marts.dim_form_line as
select
    line_code,
    max(form_table) as form_table,
    coalesce(max(line_order) filter (layout = '2021'), max(line_order) filter (layout = '2019')) as line_order,
    coalesce(max(lines.label_zh) filter (layout = '2021'), max(lines.label_zh) filter (layout = '2019')) as label_zh,
    max(lines.label_zh) filter (layout = '2019') as label_zh_2019,
    max(lines.label_zh) filter (layout = '2021') as label_zh_2021,
    max(lines.label_en) as label_en,
    max(legal_article) as legal_article,
    max(line_kind) = 'leaf' as is_leaf,
    max(parent_line_code) as parent_line_code,
    max(stage) as stage,
    max(lines.outcome_group) as outcome_group,
    max(groups.label_zh) as outcome_group_zh,
    max(groups.label_en) as outcome_group_en
from form_lines as lines
left join {{ seed('reference', 'outcome_groups') }} as groups using (outcome_group)
group by line_code;

create table marts.dim_report as
select
    raw_reports.report_id, agency_id, raw_reports.agency_name, report_year::integer as report_year, layout,
    revision::integer as revision,
    revision::integer = max(revision::integer) over (partition by agency_id, report_year) as is_current,
    agencies.is_consolidated, title, try_cast(substr(published_on, 1, 10) as date) as published_on, source_url,
    source_document, source_sha256, evidence, landed_on::date as landed_on
from raw.raw_reports
inner join agencies using (agency_id)
left join {{ seed('stewardship', 'report_evidence') }} as evidence using (report_id);

select error('this script does not know editions that are not current') from marts.dim_report where not is_current limit 1;
select error('this script does not know corrections')
from {{ seed('stewardship', 'corrections') }} semi join marts.dim_report using (report_id) limit 1;

-- who took over from whom; a predecessor that `agencies` names is gone on from in any year
create temp table successions as
with recorded as (
    select
        predecessor_agency_id, successor_agency_id, effective_year::integer as effective_year,
        succession_kind = 'split' or coalesce(nullif(share, '')::decimal(5, 4) < 1, false) as is_in_part,
        succession_kind = 'renamed' as is_renamed
    from (
        select * from {{ seed('stewardship', 'agency_successions') }}
        {% if successions_landed %}
            union all by name
            select * from read_parquet('{{ landing }}/agency_successions.parquet')
        {% endif %}
    )
)
select * from recorded
union all
select predecessor_agency_id, agency_id, null, false, true
from agencies
where predecessor_agency_id is not null and agency_id not in (select successor_agency_id from recorded);

create table marts.report_calendar as
with held as (
    select
        agency_id, report_year, max(report_id) filter (is_current) as report_id, min(published_on) as published_on,
        bool_and(published_on is not null) as is_dated, min(landed_on) as landed_on
    from marts.dim_report group by all
),
years as (
    select unnest(range(min(report_year), max(report_year) + 1))::integer as report_year from held
),
spans as (
    select agency_id, min(report_year) as first_year, max(report_year) as last_year from held group by all
),
ends as (
    select predecessor_agency_id as agency_id, min(coalesce(effective_year - 1, last_year)) as valid_to
    from successions left join spans on predecessor_agency_id = agency_id where not is_in_part group by all
),
beginnings as (
    select successor_agency_id as agency_id, min(coalesce(effective_year, first_year)) as valid_from
    from successions left join spans on successor_agency_id = agency_id where is_renamed group by all
),
days as (
    select
        level, kinds.sector_code, report_year,
        arg_max(
            make_date(report_year + 1, due_month::integer, due_day::integer),
            if(dates.sector_code = 'any', 0, 10000) + from_year::integer
        ) as due_on
    from (select distinct level, sector_code from agencies) as kinds
    inner join {{ seed('reference', 'report_due_dates') }} as dates using (level)
    inner join years on report_year >= from_year::integer
    where dates.sector_code in (kinds.sector_code, 'any')
    group by all
),
due as (
    select agencies.agency_id, report_year, due_on
    from agencies
    inner join days using (level, sector_code)
    left join {{ seed('stewardship', 'agency_lifetimes') }} as lifetimes using (agency_id)
    left join beginnings using (agency_id)
    left join ends using (agency_id)
    where report_year >= coalesce(lifetimes.valid_from::integer, beginnings.valid_from, report_year)
        and report_year <= coalesce(lifetimes.valid_to::integer, ends.valid_to, report_year)
)
select
    agency_id, report_year, report_id, due_on,
    if(is_dated or published_on <= due_on, published_on, null) as published_on, landed_on,
    case
        when due_on is null then 'not_expected'
        when report_id is null then 'not_landed'
        when published_on <= due_on then 'on_time'
        when is_dated then 'late'
        else 'undated'
    end as state,
    if(is_dated and published_on > due_on, published_on - due_on, null)::integer as days_late
from due full join held using (agency_id, report_year);

-- r is the number of a report
create temp table numbered as
select
    row_number() over () as r, report_id, agency_id, report_year, layout, region_code, sector_code,
    agencies.is_consolidated, min(report_year) over (partition by agency_id) as first_year
from marts.dim_report
inner join agencies using (agency_id);

-- the reports of the year before that a report goes on from, and what stands in the way
create temp table sources as
with reforms as (
    select successor_agency_id as agency_id, effective_year as report_year, predecessor_agency_id, is_in_part
    from successions where effective_year is not null
    union
    select predecessor_agency_id, effective_year, predecessor_agency_id, is_in_part
    from successions where effective_year is not null and is_in_part
),
asked as (
    select r, report_year, layout, agency_id as source_agency_id, false as is_in_part
    from numbered anti join reforms using (agency_id, report_year)
    union all
    select r, report_year, layout, agency_id, false
    from numbered semi join reforms using (agency_id, report_year) where first_year < report_year
    union all
    select r, report_year, layout, predecessor_agency_id, is_in_part
    from numbered inner join reforms using (agency_id, report_year)
)
select distinct
    asked.r, coalesce(own.r, renamed.r) as source_r, asked.is_in_part,
    asked.layout = coalesce(own.layout, renamed.layout) as is_in_layout
from asked
left join numbered as own on source_agency_id = own.agency_id and asked.report_year - 1 = own.report_year
left join successions as names on source_agency_id = names.successor_agency_id and names.effective_year is null
left join numbered as renamed
    on names.predecessor_agency_id = renamed.agency_id and asked.report_year - 1 = renamed.report_year;

create temp table reports as
with obstacles as (
    select
        r,
        case when bool_or(is_in_part) then 'last year: a body was split'
            when bool_or(source_r is null) then 'last year: no report' end as why_no_last,
        not coalesce(bool_and(is_in_layout), true) as is_layout_changed
    from sources group by r
)
select numbered.* exclude (first_year), why_no_last, is_layout_changed from numbered inner join obstacles using (r);

create temp table last_years as
select distinct r, source_r as last_r, is_in_layout from sources inner join reports using (r) where why_no_last is null;

-- whose numbers a consolidated report adds up, where all of them are held
create temp table members as
with named as (
    select agency_id, member_agency_id, report_year::integer as report_year, is_complete::boolean as is_complete
    from (
        select * from {{ seed('stewardship', 'rollup_members') }}
        union all by name
        select * from read_parquet('{{ landing }}/rollup_members.parquet')
    )
)
select parents.r, held.r as member_r
from named
inner join reports as parents using (agency_id, report_year)
left join reports as held on named.member_agency_id = held.agency_id and named.report_year = held.report_year
qualify bool_and(is_complete and held.r is not null) over (partition by parents.r);

-- ## Every distinct text but 0, read once

create temp table texts as
select printed from raw.raw_disclosures where printed <> '0'
union select printed from raw.raw_narrative_figures where printed <> '0'
{% for column in applicants %}
    union select "{{ column }}" from raw.raw_requests where "{{ column }}" <> '0'
{% endfor %}
{% for column in results %}
    union select "{{ column }}" from raw.raw_reviews where "{{ column }}" <> '0'
{% endfor %}
;

-- the Chinese numerals below ten thousand, every way that they are written in: 15 is 十五 and 一十五
create temp table numerals as
with ones as (
    select n::integer as n, substr('一二三四五六七八九', n, 1) as spelt from range(1, 10) as digits (n)
),
tens as (
    select 10 * tens.n + ones.n as n, tens.spelt || '十' || ones.spelt as spelt
    from (from ones union all select 1, '') as tens cross join (from ones union all select 0, '') as ones
),
hundreds as (
    select 100 * ones.n + rest.n as n, ones.spelt || '百' || rest.spelt as spelt
    from ones cross join (select 0 as n, '' as spelt union all select n, '零' || spelt from ones union all from tens) as rest
),
thousands as (
    select 1000 * ones.n + rest.n as n, ones.spelt || '千' || rest.spelt as spelt
    from ones cross join (
        select 0 as n, '' as spelt
        union all select n, '零' || spelt from ones
        union all select n, '零' || spelt from tens
        union all from tens
        union all from hundreds
    ) as rest
)
select 0 as n, '零' as spelt
union all from ones union all from tens union all from hundreds union all from thousands;

{% set minuses = '\uff0d\ufe63\u2212\u2010\u2011\u2012\u2013' %}
{% set spaces = '\u3000\u00a0\u2002\u2003\t\r\n' %}
{% set unseen = '\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2060\u2061\u2062\u2063\u2064'
    ~ '\u2066\u2067\u2068\u2069\ufeff\u2006\u2008\u2009\u200a\u202f' %}
{% set numerals = '零〇一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟' %}
create temp table numbers as
with words as (
    select word, part, meaning, factor::integer as factor, unit from {{ seed('reference', 'printed_words') }}
),
plain as (
    select
        printed,
        trim(translate(
            printed, '０１２３４５６７８９．，＋（）／{{ minuses ~ spaces ~ unseen }}', '0123456789.,+()/-------       '
        )) as plain
    from texts
),
split as (
    select
        *,
        plain like '(%)' as is_in_brackets,
        case
            when is_in_brackets then trim(regexp_extract(plain, '^[(]([^()]*)[)]$', 1))
            when plain like '%(%)' then trim(regexp_extract(plain, '^([^()]*)[(].*[)]$', 1))
            else plain
        end as said,
        nullif(regexp_extract(plain, '^[^()]+[(](.*)[)]$', 1), '') as remark,
        regexp_extract(said, '^[^0-9{{ numerals }}]*([{{ numerals }}]+)[^0-9{{ numerals }}]*$', 1) as numeral
    from plain
),
in_digits as (
    select split.*, coalesce(replace(said, numeral, n::varchar), said) as text
    from split
    left join numerals
        on translate(numeral, '〇两壹贰叁肆伍陆柒捌玖拾佰仟', '零二一二三四五六七八九十百千') = spelt
),
parts as (
    select
        *,
        trim(regexp_extract(text, '^([^0-9.,]*)[0-9][0-9.,]*[^0-9.,]*$', 1)) as prefix,
        regexp_extract(
            text,
            '^[^0-9.,]*((0|[1-9][0-9]{0,14}|[1-9][0-9]{0,2}(,[0-9]{3}){1,4})([.][0-9]{1,8})?)[^0-9.,]*$', 1
        ) as digits,
        trim(regexp_extract(text, '^[^0-9.,]*[0-9][0-9.,]*([^0-9.,]*)$', 1)) as suffix
    from in_digits
),
known as (
    select
        printed, is_in_brackets, remark, wholes.meaning as whole, prefixes.meaning as before, suffixes.meaning as unit_kind,
        suffixes.factor as unit_factor, suffixes.unit as printed_unit, plain = '' as is_empty,
        digits <> '' and (prefix = '' or prefixes.word is not null) and (suffix = '' or suffixes.word is not null)
            as is_number,
        case when wholes.meaning = 'zero' then 0 when wholes.meaning is null and is_number
            then replace(digits, ',', '')::decimal(28, 8) * coalesce(prefixes.factor, 1) end as number
    from parts
    left join words as wholes on lower(plain) = lower(wholes.word) and wholes.part = 'whole'
    left join words as prefixes on prefix = prefixes.word and prefixes.part = 'prefix'
    left join words as suffixes
        on coalesce(nullif(suffix, ''), remark) = suffixes.word and suffixes.part = 'suffix'
),
read as (
    select
        *,
        number = floor(number) and coalesce(unit_kind, 'count_unit') in ('count_unit', 'scale') as is_whole,
        try_cast(number * coalesce(unit_factor, 1) as bigint) as whole_number
    from known
),
valued as (
    select
        *,
        case when is_whole and coalesce(before, 'sign') = 'sign' then whole_number end as count_value,
        -- for accountants (5) is -5
        case when is_whole and not is_in_brackets and coalesce(before, 'sign') in ('sign', 'change_word')
            then whole_number end as change_value,
        case when coalesce(before, 'sign') in ('sign', 'money_unit')
            and coalesce(unit_kind, 'scale') in ('scale', 'money_unit') then number end as amount_number,
        case when is_empty then 1 when whole = 'zero' then 0 when whole = 'not_applicable' then 2
            when whole = 'blank' then 1 when is_number then 0 else 3 end as code
    from read
)
select
    (row_number() over ())::integer as n,
    printed, remark, printed_unit, unit_factor, count_value, change_value, amount_number,
    (case when code = 0 and count_value is null then 3 else code end)::utinyint as count_code,
    (case when code = 0 and change_value is null then 3 else code end)::utinyint as change_code,
    (case when code = 0 and amount_number is null then 3 else code end)::utinyint as amount_code
from valued
union all
select 0, '0', null, null, null, 0, 0, 0, 0, 0, 0;

create table raw.printed_numbers as select printed, printed_unit, remark from numbers;

create view marts.printed_cells as
with cells as (
    {% for column in applicants %}
        select report_id, 'requests' as form_table, line_code, '{{ column }}' as column_code, {{ column }} as printed
        from raw.raw_requests union all
    {% endfor %}
    {% for column in results %}
        select report_id, 'reviews', channel, '{{ column }}', "{{ column }}" from raw.raw_reviews union all
    {% endfor %}
    select report_id, 'disclosures', line_code, measure_code, printed from raw.raw_disclosures
)
select cells.*, printed_unit, remark from cells left join raw.printed_numbers using (printed);

-- ## Table 三

-- the lines in the form's order; `bit` is the line's in a report's mask, the powers of 6 its places in the patterns
create temp table request_lines as
with lines as (
    select
        line_code, min(line_order) as line, min(stage) as stage, min(outcome_group) as outcome_group,
        bool_or(line_kind = 'leaf') as is_leaf,
        bool_or(is_variant) filter (layout = '2019') as is_variant_2019,
        bool_or(is_variant) filter (layout = '2021') as is_variant_2021
    from form_lines where form_table = 'requests' group by line_code
)
select
    lines.*,
    1::bigint << line as bit,
    coalesce(6::bigint ** (balance.term_order - 1), 0)::bigint as balance_place,
    coalesce(6::bigint ** (outcomes.term_order - 1), 0)::bigint as outcomes_place,
    coalesce(6::bigint ** (others.term_order - 1), 0)::bigint as others_place
from lines
left join terms as balance on lines.line_code = balance.line_code and balance.identity_id = 'requests.balance'
left join terms as outcomes on lines.line_code = outcomes.line_code and outcomes.identity_id = 'requests.outcomes'
left join terms as others on lines.line_code = others.line_code and others.identity_id = 'requests.other_processing';

create temp table request_rows as
select
    r, line::utinyint as line,
    {% for column in applicants %}
        (case when raw."{{ column }}" = '0' then 0 else n{{ loop.index }}.count_value end) as v{{ loop.index }},
    {% endfor %}
    {% for column in applicants %}
        (case when raw."{{ column }}" = '0' then 0 when raw."{{ column }}" is null then 1
            else n{{ loop.index }}.count_code end)::utinyint as s{{ loop.index }},
    {% endfor %}
from raw.raw_requests as raw
inner join reports using (report_id)
inner join request_lines using (line_code)
{% for column in applicants %}
    left join numbers as n{{ loop.index }} on nullif(raw."{{ column }}", '0') = n{{ loop.index }}.printed
{% endfor %};

-- the lines that a report leaves out, and its （六） where it stands both whole and in parts
create temp table printed_lines as
with printed as (
    select r, bit_or(bit) as mask from request_rows inner join request_lines using (line) group by r
),
known as (
    select
        (select bit_or(bit) from request_lines where line_code = 'other_processing') as whole,
        (select bit_or(bit) from request_lines where line_code like 'other\_%' escape '\'
            and line_code <> 'other_processing') as parts,
        (select bit_or(bit) from request_lines where not is_variant_2019) as form_2019,
        (select bit_or(bit) from request_lines where not is_variant_2021) as form_2021
)
select
    r,
    coalesce(mask, 0) & whole > 0 and coalesce(mask, 0) & parts > 0 as has_subtotal,
    case when layout = '2019' then form_2019 else form_2021 end & ~(
        coalesce(mask, 0)
        | case when coalesce(mask, 0) & whole > 0 then parts else 0 end
        | case when coalesce(mask, 0) & parts > 0 then whole else 0 end
    ) as absent
from reports
left join printed using (r)
cross join known;

create temp table absent_rows as
select r, line::utinyint as line, balance_place, outcomes_place
from printed_lines inner join request_lines on absent & bit > 0
where absent > 0;

-- every printed row but a subtotal: what is added up
create temp view added_rows as
from request_rows
where not (
    line in (select line from request_lines where line_code = 'other_processing')
    and r in (select r from printed_lines where has_subtotal)
);

-- （六） beside its three parts
create temp table subtotal_sums as
select
    r,
    {% for i in range(1, 8) %}
        sum(v{{ i }}) filter (line_code = 'other_processing') as whole_{{ i }},
        sum(v{{ i }}) filter (line_code <> 'other_processing') as parts_{{ i }},
        sum(s{{ i }} * others_place)::bigint as pattern_{{ i }},
    {% endfor %}
from request_rows
inner join request_lines using (line)
where others_place > 0 and r in (select r from printed_lines where has_subtotal)
group by r;

create temp table column_sums as
with sums as (
    select
        r,
        {% for i in range(1, 8) %}
            sum(v{{ i }}) filter (line in (1, 2)) as received_{{ i }},
            sum(v{{ i }}) filter (line in (25, 26)) as left_{{ i }},
            sum(v{{ i }}) filter (line = 25) as processed_{{ i }},
            sum(v{{ i }}) filter (line between 3 and 24) as outcomes_{{ i }},
            sum(v{{ i }}) filter (line = 2) as carried_in_{{ i }},
            sum(v{{ i }}) filter (line = 26) as carried_out_{{ i }},
        {% endfor %}
    from added_rows
    group by r
),
unreported as (
    select
        r,
        {% for i in range(1, 8) %}
            s{{ i }} * balance_place as balance_{{ i }},
            s{{ i }} * outcomes_place as outcomes_{{ i }},
            case when line = 2 then s{{ i }} else 0 end as carried_in_{{ i }},
            case when line = 26 then s{{ i }} else 0 end as carried_out_{{ i }},
        {% endfor %}
    from added_rows inner join request_lines using (line)
    where s1 + s2 + s3 + s4 + s5 + s6 + s7 > 0
    union all by name
    select
        r,
        {% for i in range(1, 8) %}
            4 * balance_place as balance_{{ i }},
            4 * outcomes_place as outcomes_{{ i }},
            case when line = 2 then 4 else 0 end as carried_in_{{ i }},
            case when line = 26 then 4 else 0 end as carried_out_{{ i }},
        {% endfor %}
    from absent_rows
),
patterns as (
    select
        r,
        {% for i in range(1, 8) %}
            sum(balance_{{ i }})::bigint as balance_pattern_{{ i }},
            sum(outcomes_{{ i }})::bigint as outcomes_pattern_{{ i }},
            max(carried_in_{{ i }})::bigint as carried_in_code_{{ i }},
            max(carried_out_{{ i }})::bigint as carried_out_code_{{ i }},
        {% endfor %}
    from unreported
    group by r
)
select reports.r, sums.* exclude (r), patterns.* exclude (r)
from reports
left join sums using (r)
left join patterns using (r);

-- ## Table 四

create temp table channels as
select line_code as channel, min(line_order)::utinyint as line from form_lines where form_table = 'reviews' group by 1;

create temp table review_rows as
with printed as (
    select
        r, line,
        {% for column in results %}
            (case when raw."{{ column }}" = '0' then 0 else n{{ loop.index }}.count_value end) as v{{ loop.index }},
        {% endfor %}
        {% for column in results %}
            (case when raw."{{ column }}" = '0' then 0 when raw."{{ column }}" is null then 1
                else n{{ loop.index }}.count_code end)::utinyint as s{{ loop.index }},
        {% endfor %}
    from raw.raw_reviews as raw
    inner join reports using (report_id)
    inner join channels using (channel)
    {% for column in results %}
        left join numbers as n{{ loop.index }} on nullif(raw."{{ column }}", '0') = n{{ loop.index }}.printed
    {% endfor %}
)
select * from printed
union all
select r, line, null, null, null, null, null, 4, 4, 4, 4, 4
from reports cross join channels anti join printed using (r, line);

-- ## Table 二, cell by cell

create temp table disclosure_places as
with known as (
    select line_code, measure_code from {{ seed('reference', 'form_cells') }}
    union
    select line_code, measure_code from raw.raw_disclosures
)
select (row_number() over (order by line_code, measure_code))::utinyint as c, 1::bigint << c as bit, known.*
from known;

create temp table disclosure_cells as
with factors as (
    select
        layouts.layout, measure_code, kind,
        case when kind = 'amount' and layouts.layout = '2021' then 10000 when kind = 'amount' then 1 end as form_factor
    from (select distinct measure_code, kind from {{ seed('reference', 'measures') }})
    cross join {{ seed('reference', 'layouts') }} as layouts
),
printed as (
    select
        r, c, numbers.n,
        case
            when kind = 'amount' then (amount_number * coalesce(unit_factor, form_factor))::decimal(28, 4)
            when kind = 'change' then change_value::decimal(28, 4)
            else count_value::decimal(28, 4)
        end as value,
        (case when raw.printed is null then 1 when kind = 'amount' then amount_code when kind = 'change'
            then change_code else count_code end)::utinyint as code
    from raw.raw_disclosures as raw
    inner join reports using (report_id)
    inner join disclosure_places using (line_code, measure_code)
    inner join factors using (layout, measure_code)
    left join numbers on raw.printed = numbers.printed
),
masks as (
    select r, bit_or(bit) as mask from printed inner join disclosure_places using (c) group by r
),
forms as (
    select layout, bit_or(bit) as form
    from {{ seed('reference', 'form_cells') }} inner join disclosure_places using (line_code, measure_code)
    group by layout
),
gaps as (
    select r, form & ~coalesce(mask, 0) as absent
    from reports inner join forms using (layout) left join masks using (r)
)
select * from printed
union all
select r, c, null, null, 4 from gaps inner join disclosure_places on absent & bit > 0 where absent > 0;

-- ## The prose

create temp table figures as
with read as (
    select
        r, figure_code,
        case
            when words.word is not null then 0
            when count_code = 0 then count_value::decimal(28, 4)
            when amount_code = 0 then (amount_number * coalesce(unit_factor, 1))::decimal(28, 4)
        end as value
    from raw.raw_narrative_figures as raw
    inner join reports using (report_id)
    left join numbers using (printed)
    left join {{ seed('reference', 'printed_words') }} as words
        on raw.printed = word and part = 'statement' and words.meaning = 'zero'
)
select
    r, figure_code,
    case when count(*) = count(value) and min(value) = max(value) then min(value) end as value,
    case when count(*) > count(value) then 3 when min(value) <> max(value) then 5 else 0 end as code
from read group by r, figure_code;

-- the rows whose total is blank, and not all of its parts are: these are read in its place
{% macro lacks_total(parts) -%}
    s{{ parts + 1 }} = 1 and not ({% for i in range(1, parts + 1) %}s{{ i }} = 1{{ ' and ' if not loop.last }}{% endfor %})
{%- endmacro %}
create temp table parts_of_totals as
{% for column in applicants[:-1] %}
    select r, 'requests' as form_table, line_code, '{{ column }}' as column_code, v{{ loop.index }}::decimal(28, 4) as value,
        s{{ loop.index }} as code
    from request_rows inner join request_lines using (line) where {{ lacks_total(6) }}
    union all
{% endfor %}
{% for column in results[:-1] %}
    select r, 'reviews', channel, '{{ column }}', v{{ loop.index }}::decimal(28, 4), s{{ loop.index }}
    from review_rows inner join channels using (line) where {{ lacks_total(4) }}
    {{ 'union all' if not loop.last }}
{% endfor %};

create temp view rows_without_total as select distinct r, form_table, line_code from parts_of_totals;

-- ## Both sides of every check, and its pattern

create temp table identity_numbers as
select
    (row_number() over (order by identity_id))::utinyint as i, identity_id, form_table as checked_table, slice_by, layout, family
from identities;

create temp macro bit_of(code) as ([0, 1, 2, 4, 8, 16]::bigint[])[code + 1];

-- checks with few cells, by the identities' terms: the stocks from year to year, and the figures of the prose
create temp table small_sides as
with asked as (
    select
        i, layout, slice_by, term_order, side, coefficient, year_offset, terms.form_table, column_code,
        coalesce(terms.line_code, lines.line_code) as line_code
    from terms
    inner join identity_numbers using (identity_id)
    left join (select distinct line_code, measure_code from disclosure_places) as lines
        on terms.line_code is null and terms.column_code = measure_code
    where identity_id in ('documents.stock', 'items.stock') or family = 'narrative'
),
cells as (
    select r, 'disclosures' as form_table, line_code, measure_code as column_code, value, code
    from disclosure_cells inner join disclosure_places using (c)
    union all
    select r, 'narrative', figure_code, 'stated', value, code from figures
    union all
    select r, 'requests', line_code, 'total', v7::decimal(28, 4), s7
    from added_rows inner join request_lines using (line) semi join figures using (r)
    where not ({{ lacks_total(6) }})
    union all
    select r, 'requests', line_code, 'total', null, 4
    from absent_rows inner join request_lines using (line) semi join figures using (r)
    union all
    select r, 'reviews', channel, 'total', v5::decimal(28, 4), s5
    from review_rows inner join channels using (line) semi join figures using (r)
    where not ({{ lacks_total(4) }})
    union all
    select r, form_table, line_code, 'total', value, code
    from parts_of_totals semi join figures using (r)
    where not (line_code = 'other_processing' and r in (select r from printed_lines where has_subtotal))
),
asked_of as (
    select r, i, layout, slice_by, line_code, side, coefficient, term_order, year_offset, value, code
    from cells inner join asked using (form_table, line_code, column_code)
),
of_checks as (
    select * from asked_of where year_offset = 0
    union all
    select last_years.r, asked_of.* exclude (r)
    from asked_of inner join last_years on asked_of.r = last_r
    -- table 二 has other cells in each layout
    where year_offset = -1 and is_in_layout
)
select
    r, i,
    case when slice_by = 'line' then line_code else 'all' end as slice,
    sum(coefficient * value) filter (side = 'left') as lhs,
    sum(-coefficient * value) filter (side = 'right') as rhs,
    bit_or(bit_of(code) << (5 * (term_order - 1))) as pattern
from of_checks
inner join reports using (r)
where of_checks.layout is null or of_checks.layout = reports.layout
group by r, i, slice
having bool_or(side = 'left' and year_offset = 0);

-- consolidated reports against the sums of their members; `packed` counts the members' cells by status, a byte for each
create temp table sizes as select r, count(*) as size from members group by r;

create temp macro packed(code) as ([0, 1, 256, 65536, 16777216])[code + 1];

create temp table request_rollups as
with all_rows as (
    select r, line, {% for i in range(1, 8) %}v{{ i }}, s{{ i }},{% endfor %} from added_rows
    union all
    select r, line, {% for i in range(1, 8) %}null, 4,{% endfor %} from absent_rows
),
sums as (
    select
        members.r, line, count(*) as held,
        {% for i in range(1, 8) %}
            sum(v{{ i }}) as m{{ i }}, sum(packed(s{{ i }}))::bigint as p{{ i }},
        {% endfor %}
    from all_rows inner join members on all_rows.r = members.member_r
    group by members.r, line
)
select all_rows.*, sums.* exclude (r, line)
from all_rows
semi join (select r from reports where is_consolidated) using (r)
left join sums using (r, line);

create temp table review_rollups as
with sums as (
    select
        members.r, line,
        {% for i in range(1, 6) %}
            sum(v{{ i }}) as m{{ i }}, sum(packed(s{{ i }}))::bigint as p{{ i }},
        {% endfor %}
    from review_rows inner join members on review_rows.r = members.member_r
    group by members.r, line
)
select review_rows.*, sums.* exclude (r, line)
from review_rows
semi join (select r from reports where is_consolidated) using (r)
left join sums using (r, line);

create temp table disclosure_rollups as
with sums as (
    select members.r, c, count(*) as held, sum(value) as m, sum(packed(code))::bigint as p
    from disclosure_cells inner join members on disclosure_cells.r = members.member_r
    group by members.r, c
)
select i, r, line_code, value, code, held, m, p
from disclosure_cells
inner join reports using (r)
inner join disclosure_places using (c)
inner join identity_numbers
    on 'rollup.disclosures.' || measure_code = identity_id
    and (identity_numbers.layout is null or identity_numbers.layout = reports.layout)
left join sums using (r, c)
where is_consolidated;

create temp table carried_out_sums as
select
    last_years.r,
    {% for i in range(1, 8) %}
        sum(carried_out_{{ i }}) as carried_out_{{ i }},
        bit_or(bit_of(coalesce(carried_out_code_{{ i }}, 0))) as carried_out_bits_{{ i }},
    {% endfor %}
from last_years inner join column_sums on last_r = column_sums.r
group by last_years.r;

-- every check: `gap` is 1 where it needs a report of last year, 2 where it needs members, 3 where it is short of some
create temp view sides as
{% macro number(identity) %}(select i from identity_numbers where identity_id = '{{ identity }}'){% endmacro %}
{% for column in applicants %}
    {% set i = loop.index %}
    select r, {{ number('requests.balance') }} as i, '{{ column }}' as slice, received_{{ i }}::decimal(28, 4) as lhs,
        left_{{ i }}::decimal(28, 4) as rhs, coalesce(balance_pattern_{{ i }}, 0) as pattern, 0 as gap
    from column_sums
    union all
    select r, {{ number('requests.outcomes') }}, '{{ column }}', processed_{{ i }}, outcomes_{{ i }},
        coalesce(outcomes_pattern_{{ i }}, 0), 0
    from column_sums
    union all
    select r, {{ number('requests.other_processing') }}, '{{ column }}', whole_{{ i }}, parts_{{ i }}, pattern_{{ i }}, 0
    from subtotal_sums
    union all
    select own.r, {{ number('requests.carry_over') }}, '{{ column }}', own.carried_in_{{ i }}, last.carried_out_{{ i }},
        bit_of(coalesce(own.carried_in_code_{{ i }}, 0)) + 32 * coalesce(last.carried_out_bits_{{ i }}, 0),
        case when why_no_last is not null then 1 else 0 end
    from column_sums as own
    inner join reports using (r)
    left join carried_out_sums as last using (r)
    union all
    select r, {{ number('rollup.requests.' ~ column) }}, line_code, v{{ i }}, m{{ i }}, s{{ i }} + 6 * coalesce(p{{ i }}, 0),
        case when size is null then 2 when coalesce(held, 0) < size then 3 else 0 end
    from request_rollups inner join request_lines using (line) left join sizes using (r)
    union all
{% endfor %}
{% for column in results %}
    {% set i = loop.index %}
    select r, {{ number('rollup.reviews.' ~ column) }}, channel, v{{ i }}, m{{ i }}, s{{ i }} + 6 * coalesce(p{{ i }}, 0),
        case when size is null then 2 else 0 end
    from review_rollups inner join channels using (line) left join sizes using (r)
    union all
{% endfor %}
select r, i, line_code, value, m, code + 6 * coalesce(p, 0),
    case when size is null then 2 when coalesce(held, 0) < size then 3 else 0 end
from disclosure_rollups left join sizes using (r)
union all
select r, {{ number('requests.applicants') }}, line_code, v7,
    case when s1 + s2 + s3 + s4 + s5 + s6 = 0 or coalesce(v1, v2, v3, v4, v5, v6) is not null
        then {% for i in range(1, 7) %}coalesce(v{{ i }}, 0){{ ' + ' if not loop.last }}{% endfor %} end,
    s7{% for i in range(1, 7) %} + {{ 6 ** i }} * s{{ i }}::integer{% endfor %}, 0
from request_rows inner join request_lines using (line)
union all
select r, {{ number('requests.applicants') }}, line_code, null, null, 4 * {{ (6 ** 7 - 1) // 5 }}, 0
from absent_rows inner join request_lines using (line)
union all
select r, (select i from identity_numbers where identity_id = channel || '.total'), 'all', v5,
    case when coalesce(v1, v2, v3, v4) is not null
        then {% for i in range(1, 5) %}coalesce(v{{ i }}, 0){{ ' + ' if not loop.last }}{% endfor %} end,
    s5{% for i in range(1, 5) %} + {{ 6 ** i }} * s{{ i }}::integer{% endfor %}, 0
from review_rows inner join channels using (line)
union all
select small_sides.r, i, slice, lhs, rhs, pattern,
    case when identity_id in ('documents.stock', 'items.stock') and (why_no_last is not null or is_layout_changed)
        then 1 else 0 end
from small_sides
inner join identity_numbers using (i)
inner join reports using (r);

-- what each pattern means for a verdict
create temp table meanings as
with seen as (
    select distinct i, pattern from sides where pattern > 0
),
terms_of as (
    select
        i, term_order, side, year_offset, when_absent, identity_numbers.family = 'rollup' as is_rollup,
        identity_numbers.family = 'narrative' or identity_id in ('requests.carry_over', 'documents.stock', 'items.stock')
            as is_in_bits,
        coefficient > 0 or is_signed as can_raise, coefficient < 0 or is_signed as can_lower,
        case slice_by
            when 'column' then terms.line_code
            when 'line' then terms.column_code
            else coalesce(nullif(terms.column_code, 'total'), terms.line_code)
        end || case when year_offset = -1 then ' last year' else '' end as term
    from terms
    inner join identity_numbers using (identity_id)
    cross join lateral (
        select coalesce(terms.form_table = 'disclosures' and terms.column_code = 'change', false) as is_signed
    )
),
cells as (
    select seen.i, pattern, code, 1 as cells, terms_of.* exclude (i)
    from seen inner join terms_of using (i)
    cross join lateral (select pattern // (6::bigint ** (term_order - 1))::bigint % 6 as code)
    where not is_in_bits and (not is_rollup or term_order = 1) and code > 0
    union all
    select seen.i, pattern, code, 1 as cells, terms_of.* exclude (i)
    from seen inner join terms_of using (i) cross join range(1, 6) as codes (code)
    where is_in_bits and pattern & (bit_of(code) << (5 * (term_order - 1))) > 0
    union all
    -- the members of a roll-up are counted, not placed
    select seen.i, pattern, code, pattern // 6 // (256::bigint ** (code - 1))::bigint % 256 as cells, terms_of.* exclude (i)
    from seen inner join terms_of using (i) cross join range(1, 5) as codes (code)
    where is_rollup and term_order = 2 and cells > 0
),
named as (
    select
        i, pattern, code,
        string_agg(term || repeat(', ' || term, cells::integer - 1), ', ' order by term_order) as terms
    from cells group by i, pattern, code
),
reasons as (
    select i, pattern, string_agg(status_of(code) || ': ' || terms, '; ' order by status_of(code)) as reason
    from named group by i, pattern
)
select
    i, pattern, reason,
    coalesce(sum(cells) filter (code in (1, 2)), 0) as empty_terms,
    coalesce(sum(cells) filter (code = 1 and can_raise), 0) as raising_terms,
    coalesce(sum(cells) filter (code = 1 and can_lower), 0) as lowering_terms,
    coalesce(sum(cells) filter (code in (1, 2) and side = 'left'), 0) as empty_left_terms,
    coalesce(sum(cells) filter (code in (1, 2) and side = 'right'), 0) as empty_right_terms,
    coalesce(sum(cells) filter (code in (3, 5)), 0) as unreadable_terms,
    coalesce(sum(cells) filter (code = 4 and when_absent = 'not_assessable'), 0) as missing_terms
from cells inner join reasons using (i, pattern)
group by i, pattern, reason;

create table quality.fct_identity_checks as
with judged as (
    select
        r, identity_id, slice,
        case when empty_left_terms > 0 then coalesce(lhs, 0) else lhs end as lhs,
        case when empty_right_terms > 0 then coalesce(rhs, 0) else rhs end as rhs,
        case
            when gap > 0 or missing_terms > 0 or unreadable_terms > 0 then 'not_assessable'
            when lhs is null and coalesce(empty_left_terms, 0) = 0 then 'not_assessable'
            when rhs is null and coalesce(empty_right_terms, 0) = 0 then 'not_assessable'
            when coalesce(lhs, 0) = coalesce(rhs, 0) and empty_terms > 0 then 'holds_if_blank_is_zero'
            when coalesce(lhs, 0) = coalesce(rhs, 0) then 'holds'
            when coalesce(lhs, 0) < coalesce(rhs, 0) and raising_terms > 0 then 'not_assessable'
            when coalesce(lhs, 0) > coalesce(rhs, 0) and lowering_terms > 0 then 'not_assessable'
            else 'broken'
        end as status,
        case
            when gap = 2 then 'members: no complete set of reports'
            when gap = 3 then 'members: a line is missing'
            -- of a row the total alone is filled: all parts are blank
            when lhs > 0 and pattern = case family
                when 'requests.applicants' then {{ (6 ** 7 - 6) // 5 }} when 'cases.total' then {{ (6 ** 5 - 6) // 5 }}
            end then 'undistributed: total'
            else reason
        end as reason,
        gap
    from sides
    inner join identity_numbers using (i)
    left join meanings using (i, pattern)
),
ledger as (
    select * replace (observed_lhs::decimal(28, 4) as observed_lhs, observed_rhs::decimal(28, 4) as observed_rhs)
    from {{ seed('stewardship', 'acknowledged_issues') }}
    where expires_on::date >= current_date
)
select
    report_id, agency_id, report_year, identity_id, slice, lhs::decimal(28, 4) as lhs, rhs::decimal(28, 4) as rhs,
    (lhs - rhs)::decimal(28, 4) as difference,
    status,
    case when gap = 1 then coalesce(why_no_last, 'last year: report is in the other layout') when status = 'not_assessable' then coalesce(reason, 'absent: one side')
        else reason end as reason,
    status = 'broken' and (report_id, identity_id, slice, lhs, rhs)
        in (select (report_id, identity_id, slice, observed_lhs, observed_rhs) from ledger) as is_acknowledged
from judged
inner join reports using (r);

-- ## The cells that a broken check touches

create temp table pairs as
select r, 'own' as scope, 0 as year_offset, r as source_r from reports
union all
select r, 'own', -1, last_r from last_years
union all
select r, 'members', 0, member_r from members;

create temp table broken_checks as
select r, identity_id, slice, slice_by, lhs, rhs
from quality.fct_identity_checks
inner join reports using (report_id)
inner join identity_numbers using (identity_id)
where status = 'broken';

create temp table broken_cells as
with touched as (
    select
        source_r as r, terms.form_table,
        case when slice_by = 'line' then slice else terms.line_code end as line_code,
        case when slice_by = 'column' then slice else terms.column_code end as column_code,
        case when reading = 'total_or_parts' then source_r end as r_of_parts
    from broken_checks
    inner join terms using (identity_id)
    inner join pairs using (r, scope, year_offset)
)
select
    touched.r, touched.form_table, touched.line_code, coalesce(parts.column_code, touched.column_code) as column_code,
    count(*) as broken_checks
from touched
left join parts_of_totals as parts
    on r_of_parts = parts.r and touched.form_table = parts.form_table and touched.line_code = parts.line_code
group by all;

create table quality.broken_cells as
select report_id, broken_cells.* exclude (r), broken_checks as broken_checks_on_values
from broken_cells inner join reports using (r);

-- ## The facts; their cells in doubt are marked once it is known which they are

create temp table broken_requests as
select
    r, line,
    {% for column in applicants %}bool_or(column_code = '{{ column }}') as b{{ loop.index }},{% endfor %}
from broken_cells inner join request_lines using (line_code) where form_table = 'requests' group by r, line;

create temp view request_leaves as
with every_row as (
    select r, line, {% for i in range(1, 7) %}v{{ i }}, s{{ i }},{% endfor %} from added_rows
    union all
    select r, line, {% for i in range(1, 7) %}null, 4,{% endfor %} from absent_rows
)
select
    report_id, agency_id, report_year, region_code, sector_code, line_code, stage, outcome_group, is_consolidated,
    every_row.* exclude (r, line), broken_requests.* exclude (r, line)
from every_row
inner join reports using (r)
inner join request_lines using (line)
left join broken_requests using (r, line)
where is_leaf;

{% macro of_applicant(expression) %}
    case type_order
        {% for i in range(1, 7) %}when {{ i }} then {{ expression | replace('#', i) }} {% endfor %}
    end
{% endmacro %}
create table marts.fct_requests as
select
    report_id, agency_id, report_year, applicant_type, line_code, stage, outcome_group,
    {{ of_applicant('v#') }} as value, {{ of_applicant('v#') }} as reported_value,
    status_of({{ of_applicant('s#') }}) as value_status, not coalesce({{ of_applicant('b#') }}, false) as is_consistent,
    is_consistent as value_is_consistent, is_consolidated, false as is_doubtful
from request_leaves cross join marts.dim_applicant_type;

create table marts.requests_year as
with sums as (
    select
        report_year, province_code, sector_code as sector, is_consolidated, line_code, stage, outcome_group,
        {% for i in range(1, 7) %}
            sum(v{{ i }})::bigint as v{{ i }},
            {% for code in range(5) %}count(*) filter (s{{ i }} = {{ code }}) as s{{ i }}_{{ code }},{% endfor %}
        {% endfor %}
        count(*) as cells
    from request_leaves inner join marts.dim_region using (region_code)
    group by all
)
select
    report_year, province_code, sector, is_consolidated, applicant_type, line_code, stage, outcome_group,
    {{ of_applicant('v#') }} as value,
    {% for name in ['reported', 'blank', 'not_applicable', 'unreadable', 'absent'] %}
        {{ of_applicant('s#_' ~ loop.index0) }} as cells_{{ name }},
    {% endfor %}
    cells
from sums cross join marts.dim_applicant_type;

create table marts.fct_review_litigation as
with wide as (
    select
        report_id, agency_id, report_year, channel, is_consolidated, review_rows.* exclude (r, line),
        {% for column in results[:4] %}
            (r, channel, '{{ column }}') in (
                select (r, line_code, column_code) from broken_cells where form_table = 'reviews'
            ) as b{{ loop.index }},
        {% endfor %}
    from review_rows
    inner join reports using (r)
    inner join channels using (line)
)
{% for column in results[:4] %}
    {% set i = loop.index %}
    select
        report_id, agency_id, report_year, channel, '{{ column }}' as result, v{{ i }} as value,
        v{{ i }} as reported_value, status_of(s{{ i }}) as value_status, not b{{ i }} as is_consistent,
        not b{{ i }} as value_is_consistent, is_consolidated, false as is_doubtful
    from wide
    {{ 'union all' if not loop.last }}
{% endfor %};

create table marts.fct_published_items as
select
    report_id, agency_id, report_year, places.line_code, measure_code, unit, disclosure_cells.value,
    disclosure_cells.value as reported_value, status_of(code) as value_status, printed_unit, remark,
    broken_cells.r is null as is_consistent, broken_cells.r is null as value_is_consistent, is_consolidated,
    false as is_doubtful
from disclosure_cells
inner join reports using (r)
inner join disclosure_places as places using (c)
inner join (select distinct measure_code, unit from {{ seed('reference', 'measures') }}) using (measure_code)
left join numbers using (n)
left join broken_cells
    on disclosure_cells.r = broken_cells.r and broken_cells.form_table = 'disclosures'
    and places.line_code = broken_cells.line_code and places.measure_code = broken_cells.column_code;

-- ## The summaries

{% set measures = {
    'new_requests': ('requests', "line = 1", "line_code = 'new_requests'"),
    'carried_in': ('requests', "line = 2", "line_code = 'carried_in'"),
    'processed': ('requests', "stage = 'outcome'", "stage = 'outcome'"),
    'granted': ('requests', "outcome_group = 'granted'", "outcome_group = 'granted'"),
    'partially_granted': ('requests', "outcome_group = 'partial'", "outcome_group = 'partial'"),
    'denied': ('requests', "outcome_group = 'denied'", "outcome_group = 'denied'"),
    'unavailable': ('requests', "outcome_group = 'unavailable'", "outcome_group = 'unavailable'"),
    'unprocessed': ('requests', "outcome_group = 'unprocessed'", "outcome_group = 'unprocessed'"),
    'other_processing': ('requests', "outcome_group = 'other'", "outcome_group = 'other'"),
    'carried_out': ('requests', "line = 26", "line_code = 'carried_out'"),
    'requests_in_hand': ('requests', "line in (1, 2)", "line_code in ('new_requests', 'carried_in')"),
    'reviews_concluded': ('reviews', "line = 1 and j < 4", "line_code = 'review' and column_code <> 'pending'"),
    'reviews_corrected': ('reviews', "line = 1 and j = 2", "line_code = 'review' and column_code = 'corrected'"),
    'lawsuits_concluded': ('reviews', "line > 1 and j < 4", "line_code <> 'review' and column_code <> 'pending'"),
    'lawsuits_lost': ('reviews', "line > 1 and j = 2", "line_code <> 'review' and column_code = 'corrected'"),
    'normative_documents_made': ('disclosures', "line_code = 'normative_document' and measure_code = 'made'", ""),
    'normative_documents_in_force': ('disclosures', "line_code = 'normative_document' and measure_code = 'in_force'", ""),
    'permit_decisions': ('disclosures', "line_code = 'permit' and measure_code = 'decisions'", ""),
    'penalty_decisions': ('disclosures', "line_code = 'penalty' and measure_code = 'decisions'", ""),
    'coercion_decisions': ('disclosures', "line_code = 'coercion' and measure_code = 'decisions'", ""),
    'fee_yuan': ('disclosures', "line_code = 'fee' and measure_code = 'amount'", ""),
    'procurement_yuan': ('disclosures', "line_code = 'procurement' and measure_code = 'amount'", ""),
} %}
{% set rates = {
    'granted_rate': ('granted', 'processed'),
    'partially_granted_rate': ('partially_granted', 'processed'),
    'denied_rate': ('denied', 'processed'),
    'unavailable_rate': ('unavailable', 'processed'),
    'unprocessed_rate': ('unprocessed', 'processed'),
    'carried_out_rate': ('carried_out', 'requests_in_hand'),
    'reviews_corrected_rate': ('reviews_corrected', 'reviews_concluded'),
    'lawsuits_lost_rate': ('lawsuits_lost', 'lawsuits_concluded'),
} %}
{% macro type_of(measure) %}{{ 'decimal(28, 4)' if measure.endswith('_yuan') else 'bigint' }}{% endmacro %}
{% macro aggregates(table) -%}
    {% for measure, (form_table, cells, _) in measures.items() if form_table == table %}
        sum(value) filter ({{ cells }})::{{ type_of(measure) }} as {{ measure }},
        coalesce(sum(missing) filter ({{ cells }}), 0)::bigint as {{ measure }}_not_reported,
    {% endfor %}
{%- endmacro %}
{% macro rates_of() -%}
    {% for rate, (part, whole) in rates.items() %}
        {{ part }}::double / nullif({{ whole }}, 0) as {{ rate }},
        {{ whole }} as {{ rate }}_denominator,
        {{ whole }}_not_reported {{ '+ carried_out_not_reported' if part == 'carried_out' }} as {{ rate }}_not_reported,
    {% endfor %}
{%- endmacro %}
{% macro sums_of() -%}
    {% for measure in measures %}
        sum({{ measure }})::{{ type_of(measure) }} as {{ measure }},
        sum({{ measure }}_not_reported)::bigint as {{ measure }}_not_reported,
    {% endfor %}
{%- endmacro %}
{% set basis %}
    case when bool_and(is_consolidated) then 'consolidated' when not bool_or(is_consolidated) then 'members'
        else 'mixed' end as basis
{% endset %}

create table marts.agency_year as
with request_sums as (
    select
        r, line,
        case when coalesce(v1, v2, v3, v4, v5, v6) is not null
            then {% for i in range(1, 7) %}coalesce(v{{ i }}, 0){{ ' + ' if not loop.last }}{% endfor %} end as value,
        {% for i in range(1, 7) %}(v{{ i }} is null)::integer{{ ' + ' if not loop.last }}{% endfor %} as missing
    from added_rows
    union all
    select r, line, null, 6 from absent_rows
),
request_measures as (
    select r, {{ aggregates('requests') }} from request_sums inner join request_lines using (line) group by r
),
review_cells as (
    {% for j in range(1, 5) %}
        select r, line, {{ j }} as j, v{{ j }} as value, (v{{ j }} is null)::integer as missing from review_rows
        {{ 'union all' if not loop.last }}
    {% endfor %}
),
review_measures as (
    select r, {{ aggregates('reviews') }} from review_cells group by r
),
disclosure_measures as (
    select r, {{ aggregates('disclosures') }}
    from (select r, line_code, measure_code, value, (value is null)::integer as missing
        from disclosure_cells inner join disclosure_places using (c))
    group by r
),
check_counts as (
    select
        report_id,
        count(*) filter (status <> 'not_assessable') as checks_assessed,
        count(*) filter (status = 'broken') as checks_broken
    from quality.fct_identity_checks group by report_id
)
select
    agency_id, report_year, report_id, dim_agency.agency_name, dim_agency.level, province, layout,
    reports.region_code, sector_code as sector, reports.is_consolidated,
    {% for measure in measures %}{{ measure }}, {{ measure }}_not_reported,{% endfor %}
    checks_assessed, checks_broken,
    {{ rates_of() }}
from reports
inner join marts.dim_agency using (agency_id)
left join request_measures using (r)
left join review_measures using (r)
left join disclosure_measures using (r)
left join check_counts using (report_id)
order by agency_id, report_year;

-- consolidated reports without a number in table 三, whose members are all held
create temp table standing_back as
select r from sizes anti join (
    from added_rows where coalesce({% for i in range(1, 8) %}v{{ i }}{{ ', ' if not loop.last }}{% endfor %}) is not null
) using (r);

-- which consolidated reports add up a report; depth 1 is a province's
create temp table covering as
with recursive climbed as (
    select agency_id, parent_agency_id as above, 1 as steps from agencies where parent_agency_id is not null
    union all
    select climbed.agency_id, parent_agency_id, steps + 1
    from climbed inner join agencies on above = agencies.agency_id
    where parent_agency_id is not null and steps < 10
),
consolidated as (
    select reports.*, case region_level when 'province' then 1 when 'prefecture' then 2 when 'county' then 3 else 4 end as depth
    from reports inner join marts.dim_region using (region_code) anti join standing_back using (r) where is_consolidated
),
regions_of as (
    select distinct region_code as own, unnest([province_code, prefecture_code, county_code, region_code]) as region_code
    from marts.dim_region
)
select
    reports.r,
    -- a superior elsewhere adds up in the regions that both lie in
    case
        when reports.region_code = consolidated.region_code then consolidated.depth
        when own.county_code = others.county_code then 3
        when own.prefecture_code = others.prefecture_code then 2
        when own.province_code = others.province_code then 1
        else 0
    end as depth,
    reports.sector_code = consolidated.sector_code as is_same_sector,
    consolidated.sector_code = 'general_government'
    and consolidated.region_code in (own.province_code, own.prefecture_code, own.county_code, own.region_code)
        as is_government
from reports
inner join (select distinct agency_id, above from climbed where agency_id <> above) using (agency_id)
inner join consolidated on above = consolidated.agency_id and reports.report_year = consolidated.report_year
inner join marts.dim_region as own on reports.region_code = own.region_code
inner join marts.dim_region as others on consolidated.region_code = others.region_code
union
select reports.r, depth, reports.sector_code = consolidated.sector_code, true
from reports
inner join regions_of on reports.region_code = own
inner join consolidated
    on regions_of.region_code = consolidated.region_code and reports.report_year = consolidated.report_year
where consolidated.sector_code = 'general_government' and reports.r <> consolidated.r
    and (reports.sector_code <> 'general_government' or reports.region_code <> consolidated.region_code);

select error('this script does not know consolidated reports of a bureau whose members are named')
from members inner join reports using (r) where sector_code <> 'general_government' limit 1;
select error('this script does not know bodies that a government adds up and their superior elsewhere')
from covering group by r
having max(depth) filter (is_government) > min(depth) filter (not is_government) limit 1;

create table marts.bridge_report_region as
with added_up as (select r, max(depth) as depth, bool_or(is_same_sector) as is_same_sector from covering group by r),
regions_of as (
    select region_code as own, unnest([province_code, prefecture_code, county_code,
        case when region_level = 'township' then region_code end]) as region_code, unnest([1, 2, 3, 4]) as depth,
        unnest(['province', 'prefecture', 'county', 'township']) as region_level
    from marts.dim_region
)
select
    report_id, agency_id, report_year, regions_of.region_code, regions_of.region_level,
    case when not is_consolidated then 'member' when regions_of.region_code = own then 'whole_region'
        else 'consolidated' end as role,
    (regions_of.depth > coalesce(added_up.depth, 0) and standing_back.r is null)::integer as times_counted,
    (not coalesce(is_same_sector, false) and standing_back.r is null)::integer as times_counted_in_sector
from reports
inner join regions_of on reports.region_code = own and regions_of.region_code is not null
left join added_up using (r)
left join standing_back using (r);

create table marts.region_year as
with sums as (
    select
        counted.region_code, years.report_year, region_name, dim_region.region_level, dim_region.province,
        count(*) as reports_used, {{ basis }},
        bool_or(role = 'whole_region') as is_whole_region, false as has_overlaps, {{ sums_of() }}
    from marts.agency_year as years
    inner join marts.bridge_report_region as counted on years.report_id = counted.report_id and times_counted > 0
    inner join marts.dim_region on counted.region_code = dim_region.region_code
    group by counted.region_code, years.report_year, region_name, dim_region.region_level, dim_region.province
)
select *, {{ rates_of() }} from sums;

create table marts.sector_year as
with sums as (
    select
        sector, report_year, label_zh as sector_zh, label_en as sector_en, count(*) as reports_used, {{ basis }},
        false as has_overlaps, {{ sums_of() }}
    from marts.agency_year
    inner join {{ seed('reference', 'sectors') }} on sector = sector_code
    anti join (from marts.bridge_report_region where times_counted_in_sector = 0) using (report_id)
    group by sector, report_year, sector_zh, sector_en
)
select *, {{ rates_of() }} from sums;

-- ## How the checks went

create table quality.identity_coverage as
{% set reasons = [
    'last year', 'members', 'contradictory', 'unreadable', 'absent', 'not_applicable', 'blank', 'undistributed'
] %}
with counted as (
    select
        identity_id, report_year, status, reason, is_acknowledged,
        report_id in (
            select report_id from {{ seed('stewardship', 'report_evidence') }} where evidence = 'decoded'
        ) as is_decoded,
        count(*) as checks
    from quality.fct_identity_checks
    group by all
),
classed as (
    select
        *,
        case
            when status <> 'not_assessable' then null
            {% for reason in reasons %}when reason like '%{{ reason }}: %' then '{{ reason }}' {% endfor %}
        end as class
    from counted
)
{% macro total(condition) %}coalesce(sum(checks) filter ({{ condition }}), 0)::bigint{% endmacro %}
select
    identity_id, family, severity, report_year,
    sum(checks)::bigint as checks,
    {{ total("status <> 'not_assessable'") }} as assessable,
    {{ total("status = 'holds'") }} as held,
    {{ total("status = 'holds_if_blank_is_zero'") }} as held_if_blank_is_zero,
    {{ total("status = 'broken'") }} as broken,
    {{ total("is_acknowledged") }} as acknowledged,
    {{ total("status = 'not_assessable'") }} as not_assessable,
    {% for reason in reasons %}
        {{ total("class = '" ~ reason ~ "'") }} as not_assessable_{{ reason | replace(' ', '_') }},
    {% endfor %}
    {{ total("status <> 'not_assessable' and not is_decoded") }} as assessable_as_printed,
    {{ total("status in ('holds', 'holds_if_blank_is_zero') and not is_decoded") }} as held_as_printed,
    {{ total("status in ('holds', 'holds_if_blank_is_zero')") }}::double
        / nullif({{ total("status <> 'not_assessable'") }}, 0) as held_rate
from classed inner join identities using (identity_id)
group by identity_id, family, severity, report_year;

-- ## What a reader would stumble over

create temp table bounds as
select
    sanity_check_id, form_table,
    {% for name in ['numbers_at_least', 'count_at_least', 'reports_at_least', 'peers_at_least', 'times_at_least',
        'times_at_most', 'spreads_at_least', 'deviation_at_least'] %}
        {{ name }}::double as {{ name }},
    {% endfor %}
from {{ seed('reference', 'sanity_bounds') }};

-- tables 三 and 二 as wholes, by a hash of what is not 0
create temp table table_contents as
select
    r, 'requests' as form_table,
    sum({% for i in range(1, 7) %}(coalesce(v{{ i }}, 0) <> 0)::integer + {% endfor %}0) filter (line <> 25) as filled,
    sum({% for i in range(1, 8) %}(v{{ i }} is not null)::integer + {% endfor %}0) as numbers,
    max(greatest({% for i in range(1, 8) %}v{{ i }}, {% endfor %}0))::double as largest,
    sum(hash(line{% for i in range(1, 7) %}, coalesce(v{{ i }}, 0){% endfor %})::hugeint) filter (
        line <> 25 and ({% for i in range(1, 7) %}coalesce(v{{ i }}, 0) <> 0 {{ 'or ' if not loop.last }}{% endfor %})
    ) as h
from added_rows group by r
union all
select
    r, 'disclosures', count(*) filter (value <> 0), count(*), max(abs(value)),
    sum(hash(c, value)::hugeint) filter (value <> 0)
from disclosure_cells where code = 0 group by r;

-- a body's counts year after year, where one is of some size
create temp table counts as
with new_requests as (
    select * from request_rows
    where line = 1 and r in (
        select r from reports semi join (
            select agency_id from request_rows inner join reports using (r)
            where line = 1
                and greatest({% for i in range(1, 8) %}v{{ i }}{{ ', ' if not loop.last }}{% endfor %})
                >= (select min(count_at_least) from bounds)
        ) as busy using (agency_id)
    )
),
counted as (
    {% for column in applicants %}
        select r, 'requests' as form_table, 'new_requests' as line_code, '{{ column }}' as column_code,
            v{{ loop.index }}::double as value
        from new_requests union all
    {% endfor %}
    select r, 'reviews', channel, 'total', v5 from review_rows inner join channels using (line)
    union all
    select r, 'disclosures', line_code, measure_code, value
    from disclosure_cells inner join disclosure_places using (c) where measure_code = 'decisions'
),
of_bodies as (
    select agency_id, form_table, line_code, column_code, median(value) as usual, median(ln(1 + value)) as usual_log,
        count(*) as years
    from counted inner join reports using (r) where value >= 0
    group by all
    having max(value) >= (select min(count_at_least) from bounds where sanity_check_id in ('jump', 'part_left_zero'))
)
select
    counted.*, agency_id, usual, years, abs(ln(1 + value) - usual_log) as distance,
    lag(value) over body as before, lag(value, 2) over body as before_that
from counted
inner join reports using (r)
inner join of_bodies using (agency_id, form_table, line_code, column_code)
where value >= 0
window body as (partition by agency_id, form_table, line_code, column_code order by report_year);

create table quality.sanity_findings as
with odd as (
    select report_id, form_table, line_code, column_code, printed
    from marts.printed_cells
    where column_code <> 'amount' and printed in (
        select printed from numbers
        where count_code = 3 or change_code = 3 or count_value < 0
    )
),
read as (
    select odd.*, numbers.*
    from odd inner join numbers using (printed) inner join reports using (report_id)
),
copied as (
    select own.r, 'requests' as form_table, line_code
    from request_rows as own
    inner join last_years using (r)
    inner join request_rows as last on last_r = last.r and own.line = last.line
        {% for i in range(1, 8) %}and own.v{{ i }} = last.v{{ i }} {% endfor %}
    inner join request_lines on own.line = request_lines.line
    where own.v7 >= (select count_at_least from bounds where sanity_check_id = 'copied_row' and form_table = 'requests')
    union
    select own.r, 'reviews', channel
    from review_rows as own
    inner join last_years using (r)
    inner join review_rows as last on last_r = last.r and own.line = last.line
        {% for i in range(1, 6) %}and own.v{{ i }} = last.v{{ i }} {% endfor %}
    inner join channels on own.line = channels.line
    where own.v5 >= (select count_at_least from bounds where sanity_check_id = 'copied_row' and form_table = 'reviews')
),
mistaken as (
    select r, line_code
    from disclosure_cells inner join disclosure_places using (c)
    where code = 0
    group by r, line_code
    having count(distinct measure_code) = 3
        and sum(value) filter (measure_code = 'decisions') = sum(value) filter (measure_code in ('prior_items', 'change'))
        and sum(value) filter (measure_code = 'decisions') <> 0
),
-- enough numbers that two quiet bodies are not taken for copies
full_enough as (
    select table_contents.*, sanity_check_id
    from table_contents inner join bounds using (form_table) where filled >= numbers_at_least
),
of_last_year as (
    select own.r, own.form_table, min(report_id) as other_report_id
    from full_enough as own
    inner join last_years on own.r = last_years.r
    inner join full_enough as last
        on last_r = last.r and own.form_table = last.form_table and own.h = last.h
        and own.sanity_check_id = last.sanity_check_id
    inner join reports on last_r = reports.r
    where own.sanity_check_id = 'table_of_last_year'
    group by own.r, own.form_table
),
-- a whole may equal its one busy member
beside_their_like as (
    select
        report_id, form_table, reports.is_consolidated,
        case when reports.is_consolidated then agency_id else parent_agency_id end as whole,
        {% for near in ['lag', 'lead'] %}
            {{ near }}(report_id) over alike as report_{{ near }},
            {{ near }}(reports.is_consolidated) over alike as is_consolidated_{{ near }},
            {{ near }}(case when reports.is_consolidated then agency_id else parent_agency_id end) over alike
                as whole_{{ near }},
        {% endfor %}
    from full_enough inner join reports using (r) inner join agencies using (agency_id)
    where sanity_check_id = 'table_of_another_body'
    window alike as (partition by form_table, report_year, h order by report_id)
),
twins as (
    {% for near in ['lag', 'lead'] %}
        select report_id, form_table, report_{{ near }} as other_report_id from beside_their_like
        where report_{{ near }} is not null
            and (is_consolidated = is_consolidated_{{ near }} or whole is distinct from whole_{{ near }} or whole is null)
        {{ 'union all' if not loop.last }}
    {% endfor %}
),
jumps as (
    select counts.*
    from counts
    inner join (
        select agency_id, form_table, line_code, column_code, median(distance) as spread from counts group by all
    ) using (agency_id, form_table, line_code, column_code)
    inner join bounds using (form_table)
    where sanity_check_id = 'jump' and column_code in ('total', 'decisions') and years >= reports_at_least
        and greatest(value, usual) >= count_at_least and distance >= spread * spreads_at_least
        and greatest((1 + value) / (1 + usual), (1 + usual) / (1 + value)) >= times_at_least
),
tables_beside as (
    select
        r, form_table, largest, lag(largest) over body as before, lag(largest, 2) over body as before_that
    from table_contents inner join reports using (r)
    where numbers > 0
    window body as (
        partition by agency_id, form_table, case when form_table = 'disclosures' then layout end order by report_year
    )
),
tables_left as (
    select r, form_table
    from tables_beside inner join bounds using (form_table)
    where sanity_check_id = 'table_left_zero' and largest = 0 and before >= count_at_least
        and before_that >= count_at_least
),
parts_left as (
    select counts.*
    from counts inner join bounds using (form_table)
    left join table_contents using (r, form_table)
    where sanity_check_id = 'part_left_zero' and value = 0 and before >= count_at_least
        and before_that >= count_at_least and (form_table <> 'requests' or column_code <> 'total')
        and coalesce(largest, 1) > 0
),
amounts as (
    select r, line_code, value, agency_id, report_year, level, reports.sector_code
    from disclosure_cells
    inner join disclosure_places using (c)
    inner join reports using (r)
    inner join agencies using (agency_id)
    where measure_code = 'amount' and value > 0
),
beside_others as (
    select
        amounts.*, times_at_least, times_at_most,
        case when own.amounts >= reports_at_least then own.usual when peers.amounts >= peers_at_least then peers.usual
            end as usual
    from amounts
    left join (
        select agency_id, line_code, median(value::double) as usual, count(*) as amounts from amounts group by all
    ) as own using (agency_id, line_code)
    left join (
        select report_year, level, sector_code, line_code, median(value::double) as usual, count(*) as amounts
        from amounts group by all
    ) as peers using (report_year, level, sector_code, line_code)
    cross join (from bounds where sanity_check_id = 'amount_in_other_unit')
),
findings as (
    select report_id, 'not_a_count' as sanity_check_id, form_table, line_code, column_code
    from read where column_code <> 'change' and count_value < 0
    union all
    select
        report_id, case when printed_unit is null then 'not_a_count' else 'money_in_count' end, form_table, line_code,
        column_code
    from read
    where amount_code = 0 and case when column_code = 'change' then change_code else count_code end = 3
    union all
    select report_id, 'copied_row', form_table, line_code, 'all' from copied inner join reports using (r)
    union all
    select report_id, 'undistributed_total', 'requests', line_code, 'total'
    from request_rows inner join request_lines using (line) inner join reports using (r)
    where v7 > 0 {% for i in range(1, 7) %}and s{{ i }} = 1 {% endfor %}
    union all
    select report_id, 'undistributed_total', 'reviews', channel, 'total'
    from review_rows inner join channels using (line) inner join reports using (r)
    where v5 > 0 {% for i in range(1, 5) %}and s{{ i }} = 1 {% endfor %}
    union all
    select report_id, 'decisions_are_items', 'disclosures', line_code, 'decisions' from mistaken inner join reports using (r)
)
select *, null::decimal(28, 4) as value, null::decimal(28, 4) as usual_value, null::varchar as other_report_id
from findings
union all
select report_id, 'table_of_last_year', form_table, 'all', 'all', null, null, other_report_id
from of_last_year inner join reports using (r)
union all
select report_id, 'table_of_another_body', form_table, 'all', 'all', null, null, min(other_report_id)
from twins group by report_id, form_table
union all
select report_id, 'jump', form_table, line_code, column_code, value::decimal(28, 4), usual::decimal(28, 4), null
from jumps inner join reports using (r)
union all
select report_id, 'table_left_zero', form_table, 'all', 'all', 0, null, null from tables_left inner join reports using (r)
union all
select report_id, 'part_left_zero', form_table, line_code, column_code, 0, usual::decimal(28, 4), null
from parts_left inner join reports using (r)
union all
select report_id, 'amount_in_other_unit', 'disclosures', line_code, 'amount', value, usual::decimal(28, 4), null
from beside_others inner join reports using (r)
where greatest(value::double / usual, usual / value::double) between times_at_least and times_at_most;

create table quality.first_digits as
with firsts as (
    select report_year, province_code, sector_code, left(floor(value)::bigint::varchar, 1) as first_digit
    from disclosure_cells
    inner join disclosure_places using (c)
    inner join reports using (r)
    inner join marts.dim_region using (region_code)
    where measure_code in ('decisions', 'amount') and value >= 1 and not is_consolidated
),
sets as (
    {% for kind in ['province', 'sector'] %}
        select
            report_year, '{{ kind }}' as set_kind, {{ kind }}_code as set_code, count(*) as numbers,
            {% for digit in range(1, 10) %}
                count(*) filter (first_digit = '{{ digit }}') as first_{{ digit }},
            {% endfor %}
        from firsts group by report_year, {{ kind }}_code {{ 'union all' if not loop.last }}
    {% endfor %}
),
deviations as (
    select
        *, (
            {% for digit in range(1, 10) %}
                abs(first_{{ digit }} / numbers - log10(1 + 1 / {{ digit }})) {{ '+' if not loop.last }}
            {% endfor %}
        ) / 9 as deviation
    from sets
)
select
    deviations.* exclude (deviation), deviation::decimal(9, 6) as mean_deviation,
    case when numbers >= numbers_at_least then deviation >= deviation_at_least end as is_conspicuous
from deviations cross join (from bounds where sanity_check_id = 'first_digits');

create table quality.cell_figures as
with places as (
    select 'requests' as form_table, line_code, applicant_type as column_code, stage, outcome_group
    from request_lines cross join marts.dim_applicant_type where is_leaf
    union all
    select 'reviews', channel, unnest(['upheld', 'corrected', 'other', 'pending']), null, null from channels
    union all
    select distinct 'disclosures', line_code, measure_code, null, null from {{ seed('reference', 'form_cells') }}
)
{% for measure, (table, cells, own) in measures.items() %}
    select form_table, line_code, column_code, '{{ measure }}' as figure
    from places where form_table = '{{ table }}' and {{ own or cells | replace('measure_code', 'column_code') }}
    {{ 'union all' if not loop.last }}
{% endfor %};

-- ## Which cells would mend the breaks

-- a number for every cell of the form, and the checks that it is a term of
create temp table places as
with known as (
    {% for column in applicants %}
        select 'requests' as form_table, line_code, '{{ column }}' as column_code, {{ loop.index }} as column_order
        from request_lines union all
    {% endfor %}
    {% for column in results %}
        select 'reviews', channel, '{{ column }}', {{ loop.index }} from channels union all
    {% endfor %}
    select 'disclosures', line_code, measure_code, null from disclosure_places
    union all
    select distinct 'narrative', figure_code, 'stated', null from figures
)
select (row_number() over (order by form_table, line_code, column_code))::usmallint as k, known.*, line_order, stage
from known left join (select line_code, line_order, stage from marts.dim_form_line) using (line_code);

create temp table place_terms as
select
    k, i, scope, year_offset, coefficient,
    checked_table = 'requests' and slice_by = 'line' and family <> 'rollup' or reading = 'subtotal' as takes_subtotals,
    coalesce(reading = 'subtotal', false) as takes_subtotals_only,
    case when reading = 'total_or_parts' then places.column_code <> 'total' end as without_total,
    case slice_by when 'column' then places.column_code when 'line' then places.line_code else 'all' end as slice
from places
inner join terms
    on places.form_table = terms.form_table
    and (terms.line_code is null or terms.line_code = places.line_code)
    and (terms.column_code is null or terms.column_code = places.column_code or reading = 'total_or_parts')
inner join identity_numbers using (identity_id);

-- in which ways table 三 may be wrong as a whole
create temp table table_moves as
select * replace (
    part::integer as part, first_column::integer as first_column, last_column::integer as last_column,
    line_offset::integer as line_offset, column_offset::integer as column_offset, left_column::integer as left_column
)
from {{ seed('reference', 'table_moves') }};

create temp table moves_tried as
with moves as (
    select table_moves.*, identities.slice_by as sliced_by, count(*) over (partition by move) as parts
    from table_moves inner join identities on seen_in = identity_id
),
slices as (
    select source_r as r, identity_id, slice, count(*) over (partition by source_r, identity_id) as slices
    from broken_checks
    inner join (select distinct identity_id, scope, year_offset from terms) using (identity_id)
    inner join pairs using (r, scope, year_offset)
    where identity_id in (select seen_in from table_moves)
),
beside_last_year as (
    select
        own.r, max(last_ones.v7) > 0 as has_numbers,
        max(greatest({% for i in range(1, 8) %}own.v{{ i }} - last_ones.v{{ i }}{{ ',' if not loop.last }}{% endfor %}))
            = 0 as is_same
    from request_rows as own
    inner join last_years on own.r = last_years.r
    inner join request_rows as last_ones on last_r = last_ones.r and own.line = last_ones.line
    where own.r in (select r from broken_cells where form_table = 'requests')
    group by own.r
    having min(least(
        {% for i in range(1, 8) %}own.v{{ i }} - last_ones.v{{ i }}{{ ',' if not loop.last }}{% endfor %}
    )) >= 0
)
select r, move
from slices inner join moves on identity_id = seen_in and coalesce(broken_slice, slice) = slice
where slices > 1 or sliced_by = 'all'
group by r, move, parts
having count(distinct part) = parts
union all
select r, 'cumulative' from beside_last_year where has_numbers
union all
select r, 'table_of_last_year' from beside_last_year where is_same;

create table quality.moves_tried as select report_id, move from moves_tried inner join reports using (r);

-- table 三 as it would have to be if its numbers had moved as a whole
create temp table moved_cells as
with moves as (
    select
        r, move, max(kind) as kind, max(abs(line_offset)) = 0 as is_along_rows,
        max(closed_by) is not null as loses_numbers
    from moves_tried inner join table_moves using (move)
    group by r, move
),
own_cells as (
    {% for column in applicants %}
        select r, line_code, '{{ column }}' as column_code, v{{ loop.index }}::decimal(28, 4) as value
        from request_rows inner join request_lines using (line) semi join moves_tried using (r)
        where s{{ loop.index }} = 0 {{ 'union all' if not loop.last }}
    {% endfor %}
),
in_order as (
    select
        r, k, line_code, value, column_order as column_place,
        dense_rank() over (partition by r order by line_order) as line_place,
        max(abs(value)) over (partition by r, line_code) = 0 as is_in_empty_row
    from own_cells inner join places using (line_code, column_code)
    where form_table = 'requests'
),
moved as (
    select
        own.r, own.k, moves.move, moves.kind, own.value, closed_by,
        case when table_moves.move is null then own.value else sources.value end as value_after,
        coalesce(own.line_code = left_line or own.column_place = left_column, false) as is_left
    from in_order as own
    inner join moves on own.r = moves.r and not (is_along_rows and own.is_in_empty_row)
    left join table_moves
        on moves.move = table_moves.move and own.column_place between first_column and last_column
        and coalesce(table_moves.line_code, own.line_code) = own.line_code
    left join in_order as sources
        on own.r = sources.r and own.line_place + line_offset = sources.line_place
        and own.column_place + column_offset = sources.column_place
    where table_moves.move is not null or loses_numbers
),
-- what an identity lacks where a number is lost
closed as (
    select
        lost.r, lost.move, lost.k,
        -sum(others.coefficient * moved.value_after) / max(lost_terms.coefficient) as value_closed
    from moved as lost
    inner join identity_numbers on closed_by = identity_id
    inner join place_terms as lost_terms
        on identity_numbers.i = lost_terms.i and lost.k = lost_terms.k and lost_terms.scope = 'own'
        and lost_terms.year_offset = 0
    inner join place_terms as others
        on lost_terms.i = others.i and lost_terms.slice = others.slice and others.scope = 'own'
        and others.year_offset = 0
    inner join moved on lost.r = moved.r and lost.move = moved.move and others.k = moved.k
    where lost.value_after is null and moved.value_after is not null
    group by lost.r, lost.move, lost.k
),
whole as (
    select moved.* replace (coalesce(value_after, value_closed) as value_after)
    from moved left join closed using (r, move, k)
    qualify bool_and(coalesce(value_after, value_closed) is not null and not (is_left and value <> 0))
        over (partition by r, move)
),
last_values as (
    {% for column in applicants %}
        select r, move, line_code, '{{ column }}' as column_code, last_ones.v{{ loop.index }} as last_value
        from moves_tried
        inner join last_years using (r)
        inner join request_rows as last_ones on last_r = last_ones.r
        inner join request_lines using (line)
        where move in ('table_of_last_year', 'cumulative')
        {{ 'union all' if not loop.last }}
    {% endfor %}
)
select r, move, kind, k, value, value_after::decimal(28, 4) as value_after from whole where value_after <> value
union all
select r, move, move, k, value, (case when move = 'cumulative' then value - last_value end)::decimal(28, 4)
from in_order inner join places using (k, line_code) inner join last_values using (r, line_code, column_code)
where move = 'table_of_last_year' or last_value <> 0;

create table quality.moved_cells as
select report_id, move, kind, line_code, column_code, value, value_after
from moved_cells inner join reports using (r) inner join places using (k);

-- the cells that may be wrong: those of broken checks and, where （七）总计 is one, each outcome that it adds up; and
-- those that a move of the table changes
create temp table around as select r from broken_cells union select r from moved_cells;

create temp table doubtful as
select r, k from broken_cells inner join places using (form_table, line_code, column_code)
union
select r, outcomes.k
from broken_cells
inner join places as totals using (form_table, line_code, column_code)
inner join places as outcomes on totals.form_table = outcomes.form_table and totals.column_code = outcomes.column_code
where totals.stage = 'outcome_total' and outcomes.stage = 'outcome'
union
select r, k from moved_cells;

create temp table cells_around as
with cells as (
    {% for column in applicants %}
        select r, line_code, 'requests' as form_table, '{{ column }}' as column_code,
            v{{ loop.index }}::decimal(28, 4) as value
        from request_rows inner join request_lines using (line) semi join around using (r)
        where s{{ loop.index }} = 0 union all
    {% endfor %}
    {% for column in results %}
        select r, channel, 'reviews', '{{ column }}', v{{ loop.index }}
        from review_rows inner join channels using (line) semi join around using (r)
        where s{{ loop.index }} = 0 union all
    {% endfor %}
    select r, line_code, 'disclosures', measure_code, value
    from disclosure_cells inner join disclosure_places using (c) semi join around using (r) where code = 0
    union all
    select r, figure_code, 'narrative', 'stated', value from figures semi join around using (r) where code = 0
)
select
    r, k, value,
    form_table = 'requests' and line_code = 'other_processing'
        and r in (select r from printed_lines where has_subtotal) as is_subtotal,
    (r, form_table, line_code) in (select (r, form_table, line_code) from rows_without_total) as is_without_total
from cells inner join places using (form_table, line_code, column_code)
semi join doubtful using (r, k);

create temp table checked as
select distinct pairs.r from pairs semi join around on pairs.source_r = around.r;

create temp table checks_around as
select
    (row_number() over ())::integer as q, r as check_r, i, slice, status = 'broken' as is_broken,
    status = 'holds_if_blank_is_zero' as is_open,
    (coalesce(lhs, 0) - coalesce(rhs, 0))::decimal(28, 4) as gap
from quality.fct_identity_checks
inner join reports using (report_id)
semi join checked using (r)
inner join identity_numbers using (identity_id)
where status <> 'not_assessable';

-- what a number in a blank could do to the report's own checks
create temp table blank_terms as
with blanks as (
    {% for column in applicants %}
        select r, line_code, 'requests' as form_table, '{{ column }}' as column_code
        from request_rows inner join request_lines using (line) semi join checked using (r)
        where s{{ loop.index }} = 1 union all
    {% endfor %}
    {% for column in results %}
        select r, channel, 'reviews', '{{ column }}'
        from review_rows inner join channels using (line) semi join checked using (r)
        where s{{ loop.index }} = 1 union all
    {% endfor %}
    select r, line_code, 'disclosures', measure_code
    from disclosure_cells inner join disclosure_places using (c) semi join checked using (r) where code = 1
    union all
    select r, figure_code, 'narrative', 'stated' from figures semi join checked using (r) where code = 1
)
select
    r as check_r, i, slice, bool_or(coefficient > 0 or column_code = 'change') as can_raise,
    bool_or(coefficient < 0 or column_code = 'change') as can_lower
from blanks inner join places using (form_table, line_code, column_code) inner join place_terms using (k)
where
    scope = 'own' and year_offset = 0
    and case
        when line_code = 'other_processing' and r in (select r from printed_lines where has_subtotal)
            then takes_subtotals
        else not takes_subtotals_only
    end
    and coalesce(
        without_total
        = ((r, form_table, line_code) in (select (r, form_table, line_code) from rows_without_total)), true
    )
group by all;

create temp table check_cells as
select
    cells_around.r, k, value, q, coefficient, is_broken, gap,
    coalesce(can_raise and is_open, false) as can_be_raised, coalesce(can_lower and is_open, false) as can_be_lowered
from cells_around
inner join place_terms using (k)
inner join pairs
    on cells_around.r = source_r and place_terms.scope = pairs.scope and place_terms.year_offset = pairs.year_offset
inner join checks_around on pairs.r = checks_around.check_r and place_terms.i = checks_around.i
    and place_terms.slice = checks_around.slice
left join blank_terms
    on checks_around.check_r = blank_terms.check_r and checks_around.i = blank_terms.i and checks_around.slice = blank_terms.slice
where
    case when is_subtotal then takes_subtotals else not takes_subtotals_only end
    and coalesce(without_total = is_without_total, true);

create table quality.check_cells as
select
    own.report_id, form_table, line_code, column_code, value, checked.report_id as check_report_id, identity_id, slice,
    check_cells.is_broken, can_be_raised, can_be_lowered, check_cells.gap, coefficient
from check_cells
inner join reports as own using (r)
inner join places using (k)
inner join checks_around using (q)
inner join reports as checked on check_r = checked.r
inner join identity_numbers using (i);

create temp table changes as
select distinct
    r, k, value, (-check_cells.gap / coefficient)::decimal(28, 4) as change,
    slice_by = 'line' as is_along_row, slice_by <> 'line' or family = 'rollup' as is_along_column
from check_cells
inner join checks_around using (q)
inner join identity_numbers using (i)
inner join places using (k)
where check_cells.is_broken;

create temp table cell_edits as
with single as (
    select distinct r, k, value, change from changes
),
known as (
    select distinct r, k, value from check_cells
),
row_changes as (
    select r, line_code, column_code, k, max(stage) as stage, max(value) as value, max(change) as change
    from changes inner join places using (k)
    where form_table = 'requests' and is_along_column
    group by r, line_code, column_code, k
    having count(distinct change) = 1
),
column_changes as (
    select r, line_code, column_code, k, max(stage) as stage, max(value) as value, max(change) as change
    from changes inner join places using (k)
    where form_table = 'requests' and is_along_row
    group by r, line_code, column_code, k
    having count(distinct change) = 1
),
row_pairs as (
    select own.*, totals.k as total_k, totals.value as total_value
    from row_changes as own
    inner join row_changes as totals using (r, line_code, change)
    where own.column_code <> 'total' and totals.column_code = 'total'
),
outcome_pairs as (
    select outcomes.*, totals.k as total_k, totals.value as total_value
    from column_changes as outcomes
    inner join column_changes as totals using (r, column_code, change)
    where outcomes.stage = 'outcome' and totals.stage = 'outcome_total'
),
-- a request that stands in an outcome too many: the outcome, （七）总计 and both row totals
surplus as (
    select row_pairs.r, outcomes.line_code || '.' || row_pairs.column_code as hypothesis, row_pairs.change,
        [outcomes.k, outcome_totals.k, row_pairs.k, row_pairs.total_k] as ks
    from row_pairs
    inner join places as outcomes
        on outcomes.form_table = 'requests' and outcomes.stage = 'outcome'
        and row_pairs.column_code = outcomes.column_code
    inner join known on row_pairs.r = known.r and outcomes.k = known.k
    inner join places as outcome_totals
        on outcome_totals.form_table = 'requests' and outcomes.line_code = outcome_totals.line_code
        and outcome_totals.column_code = 'total'
    where row_pairs.stage = 'outcome_total' and row_pairs.change < 0 and known.value + row_pairs.change >= 0
),
in_place as (
    select distinct r, value, places.* from single inner join places using (k) where form_table <> 'narrative'
),
exchanges as (
    select
        one.r, one.k, one.value, two.k as other_k, two.value as other_value,
        concat(one.line_code, '.', one.column_code, ' ', two.line_code, '.', two.column_code) as hypothesis
    from in_place as one
    inner join in_place as two
        on one.r = two.r and one.form_table = two.form_table and one.value <> two.value
    where one.line_code = two.line_code and one.column_code < two.column_code
            and one.column_code <> 'total' and two.column_code <> 'total'
        or one.column_code = two.column_code and one.line_order + 1 = two.line_order
)
select
    'one cell' as pattern,
    concat(form_table, '.', line_code, '.', column_code, ' ', change::varchar) as hypothesis,
    r, k, value, change
from single inner join places using (k)
union all
select 'a row', line_code, r, k, value, change from row_changes
union all
select 'a row without its total', line_code, r, k, value, change from row_changes where column_code <> 'total'
union all
select 'a cell and its row total', concat(line_code, '.', column_code), r, unnest([k, total_k]),
    unnest([value, total_value]), change
from row_pairs
union all
select 'a column', column_code, r, k, value, change from column_changes
union all
select 'an outcome and its total', concat(line_code, '.', column_code), r, unnest([k, total_k]),
    unnest([value, total_value]), change
from outcome_pairs
union all
select 'an outcome and all its totals', hypothesis, r, k, value, change
from (select r, hypothesis, change, unnest(ks) as k from surplus) inner join known using (r, k)
union all
select 'two cells exchanged', hypothesis, r, unnest([k, other_k]), unnest([value, other_value]),
    unnest([other_value - value, value - other_value])
from exchanges
union all
select if(kind is null, 'a column', 'a whole table'), move, r, k, value, value_after - value from moved_cells;

create table quality.cell_edits as
select
    report_id, pattern, hypothesis, form_table, line_code, column_code, value as reported_value,
    (value + change)::decimal(28, 4) as implied_value
from cell_edits inner join reports using (r) inner join places using (k);

create macro number_text(number) as
    case when number = floor(number) then number::bigint::varchar else number::varchar end;

-- whole candidates without a negative count; of those that change the same cells alike, the first with the fewest numbers to fit
create temp table candidates as
with whole as (
    select
        r, pattern, hypothesis, count(*) as cells,
        if(count(*) > 40, concat(pattern, ' ', hypothesis), string_agg(
            concat(form_table, '.', line_code, '.', column_code, '=', number_text((value + change)::decimal(28, 4))),
            ' ' order by form_table, line_code, column_code
        )) as edits
    from cell_edits inner join places using (k)
    group by r, pattern, hypothesis
    having bool_and(value + change >= 0 or column_code = 'change' or change is null)
)
select (row_number() over ())::integer as h, whole.*, report_id || ' ' || edits as hypothesis_id
from whole inner join reports using (r)
qualify row_number() over (
    partition by r, edits
    order by
        case pattern
            when 'one cell' then 0 when 'two cells exchanged' then 1 when 'a whole table' then 4
            when 'a row' then 3 when 'a row without its total' then 3 when 'a column' then 3 else 2
        end,
        pattern, hypothesis
) = 1;

create temp table mended as
with effects as (
    select
        h, q, max(check_cells.gap) as gap, bool_or(check_cells.is_broken) as is_broken,
        sum(coefficient * cell_edits.change) as effect, max(pattern) <> 'one cell' as may_open,
        bool_or(can_be_raised) as can_be_raised, bool_or(can_be_lowered) as can_be_lowered
    from candidates
    inner join cell_edits using (r, pattern, hypothesis)
    inner join check_cells on cell_edits.r = check_cells.r and cell_edits.k = check_cells.k
    inner join checks_around using (q)
    group by h, q
    having effect is null and bool_or(check_cells.is_broken) and bool_or(check_r = check_cells.r)
        -- what a number in a blank may close is no break
        or effect <> 0 and not (may_open and max(check_cells.gap) + effect < 0 and bool_or(can_be_raised))
        and not (may_open and max(check_cells.gap) + effect > 0 and bool_or(can_be_lowered))
)
select h, q from effects
qualify bool_and(is_broken and coalesce(gap + effect, 0) = 0) over (partition by h);

create temp table check_names as
select q, report_id as check_report_id, identity_id, slice, concat(report_id, ' ', identity_id, ' ', slice) as name
from checks_around
inner join reports on check_r = r
inner join identity_numbers using (i)
semi join mended using (q);

create table quality.mended_checks as
select report_id, hypothesis_id, pattern, hypothesis, cells, check_report_id, identity_id, slice
from mended inner join candidates using (h) inner join reports using (r) inner join check_names using (q);

create temp table hypotheses as
select
    h, r, hypothesis_id, pattern, hypothesis, cells, count(*) as checks_mended, min(name) as first_check,
    string_agg(name, '; ' order by check_report_id, identity_id, slice) as mends
from mended inner join candidates using (h) inner join check_names using (q)
group by h, r, hypothesis_id, pattern, hypothesis, cells;

create macro one_digit_more(longer, shorter) as
    length(longer) = length(shorter) + 1
    and len(list_filter(range(1, 13), i -> longer[:i - 1] || longer[i + 1:] = shorter)) > 0;

create macro digits_transposed(was, should_be) as
    length(was) = length(should_be) and was <> should_be
    and len(list_filter(
        range(1, 12), i -> was[:i - 1] || substr(was, i + 1, 1) || was[i:i] || was[i + 2:] = should_be
    )) > 0;

create temp table slips as
with edits as (
    select
        h, r, k, pattern, hypothesis, form_table, line_code, column_code, line_order, value as reported_value,
        (value + change)::decimal(28, 4) as implied_value,
        value::bigint::varchar as was, (value + change)::decimal(28, 4)::bigint::varchar as should_be,
        column_code = 'total' or coalesce(stage = 'outcome_total', false) as is_total, column_order
    from hypotheses inner join cell_edits using (r, pattern, hypothesis) inner join places using (k)
),
agencies_years as (select r, agency_id, report_year from reports),
numbers_of_edits as (
    select distinct h, k, edits.r, reported_value, agency_id, report_year, form_table, line_code, column_code
    from edits inner join agencies_years using (r) where reported_value <> 0
),
earlier_reports as (
    select distinct earlier.r, earlier.agency_id, earlier.report_year
    from agencies_years as earlier semi join numbers_of_edits using (agency_id)
),
earlier_cells as (
    {% for column in applicants %}
        select r, 'requests' as form_table, line_code, '{{ column }}' as column_code,
            v{{ loop.index }}::decimal(28, 4) as value
        from request_rows inner join request_lines using (line) semi join earlier_reports using (r)
        where s{{ loop.index }} = 0 and v{{ loop.index }} <> 0 union all
    {% endfor %}
    {% for column in results %}
        select r, 'reviews', channel, '{{ column }}', v{{ loop.index }}
        from review_rows inner join channels using (line) semi join earlier_reports using (r)
        where s{{ loop.index }} = 0 and v{{ loop.index }} <> 0 union all
    {% endfor %}
    select r, 'disclosures', line_code, measure_code, value
    from disclosure_cells inner join disclosure_places using (c) semi join earlier_reports using (r)
    where code = 0 and value <> 0
    union all
    select r, 'narrative', figure_code, 'stated', value from figures semi join earlier_reports using (r) where code = 0
),
earlier as (
    select h, k, bool_or(earlier_reports.report_year = edits.report_year - 1) as is_last_years
    from numbers_of_edits as edits
    inner join earlier_reports
        on edits.agency_id = earlier_reports.agency_id and edits.report_year > earlier_reports.report_year
    inner join earlier_cells
        on earlier_reports.r = earlier_cells.r and edits.form_table = earlier_cells.form_table
        and edits.line_code = earlier_cells.line_code and edits.column_code = earlier_cells.column_code
        and reported_value = value
    group by h, k
),
-- the parts of each row that are not 0
parts as (
    select
        earlier_cells.r, form_table, line_code, value, column_order,
        count(*) over (partition by earlier_cells.r, form_table, line_code) as parts_of_row
    from earlier_cells inner join places using (form_table, line_code, column_code)
    where form_table in ('requests', 'reviews') and column_code <> 'total'
),
-- the same number in the column beside it
beside as (
    select distinct h, edits.k
    from edits inner join parts using (r, form_table, line_code)
    where reported_value = parts.value and not is_total and abs(edits.column_order - parts.column_order) = 1
),
-- totals that lack exactly one of their parts
left_out as (
    select distinct h, edits.k
    from edits
    inner join check_cells as totals on edits.r = totals.r and edits.k = totals.k and totals.is_broken
    inner join check_cells as parts
        on totals.r = parts.r and totals.q = parts.q and edits.implied_value - edits.reported_value = parts.value
    where is_total and totals.coefficient * parts.coefficient < 0 and parts.value <> 0
)
select
    edits.*,
    case
        when is_total and reported_value = 0 then 'total_left_zero'
        when column_code = 'change' and implied_value = -reported_value then 'sign_lost'
        when reported_value <> 0 and implied_value <> 0
            and (implied_value = reported_value * 10 or reported_value = implied_value * 10) then 'factor_ten'
        when reported_value <> 0 and implied_value <> 0
            and (implied_value = reported_value * 10000 or reported_value = implied_value * 10000)
            then 'factor_ten_thousand'
        when digits_transposed(was, should_be) then 'digits_transposed'
        when reported_value = 0 and form_table in ('requests', 'reviews') and not is_total then 'part_left_zero'
        when beside.h is not null then 'neighbouring_column'
        when is_last_years then 'kept_from_last_year'
        when left_out.h is not null then 'part_left_out'
        when implied_value <> 0 and one_digit_more(was, should_be) then 'digit_too_many'
        when reported_value <> 0 and one_digit_more(should_be, was) then 'digit_too_few'
        when abs(implied_value - reported_value) = 1 then 'off_by_one'
        when form_table = 'narrative' then 'prose_differs'
        else 'other'
    end as cell_kind,
    earlier.h is not null as is_earlier_years,
    under_one.r is not null as is_under_one_column
from edits
left join earlier using (h, k)
left join beside using (h, k)
left join left_out using (h, k)
left join (select distinct r, line_code from parts where form_table = 'requests' and parts_of_row = 1) as under_one
    using (r, line_code);

create temp table explanations as
with shapes as (
    select
        h, r, count(*) as cells, min(cell_kind) as least_kind, max(cell_kind) as most_kind,
        min(column_code) as first_column, max(column_code) as last_column, min(line_code) as first_line,
        max(line_code) as last_line, max(line_order) - min(line_order) as rows_apart,
        max(column_order) - min(column_order) as columns_apart, max(hypothesis) as hypothesis,
        bool_or(is_under_one_column) as is_under_one_column,
        sum(reported_value) = sum(implied_value) as is_even,
        count(*) filter (reported_value = 0) as zeros_reported, count(*) filter (implied_value = 0) as zeros_implied,
        count(*) filter (implied_value > reported_value) as rises,
        count(*) filter (implied_value < reported_value) as falls,
        count(*) filter (is_earlier_years) as earlier_cells, max(pattern) as pattern
    from slips group by h, r
),
counted_twice as (
    select distinct h
    from slips
    inner join places as outs
        on outs.form_table = 'requests' and outs.line_code = 'carried_out' and slips.column_code = outs.column_code
    inner join request_rows as carried on slips.r = carried.r and carried.line = 26
    where slips.pattern = 'an outcome and all its totals'
        and reported_value - implied_value <= case slips.column_code
            {% for column in applicants %}when '{{ column }}' then carried.v{{ loop.index }} {% endfor %} end
),
named as (
    select
        shapes.h,
        case
            when pattern = 'a whole table' then coalesce(moves.kind, hypothesis)
            when cells = 1 then least_kind
            when counted_twice.h is not null then 'counted_twice'
            when cells = 2 and is_even and zeros_reported = 1 and zeros_implied = 1 and last_column = first_column
                and first_column = 'total' and rows_apart = 1 then 'total_one_row_too_low'
            when cells = 2 and pattern = 'two cells exchanged' and zeros_reported = 1 and zeros_implied = 1
                and columns_apart = 1 then 'neighbouring_column'
            when cells = 2 and pattern = 'two cells exchanged' then 'cells_exchanged'
            when first_line = last_line and falls = 1 and rises >= 1 and is_even and is_under_one_column
                then 'all_under_one_column'
            when first_column = 'total' and last_column = 'total' and zeros_reported = cells
                then 'total_column_left_zero'
            when first_column = 'total' and last_column = 'total' and earlier_cells > 0 then 'total_column_kept'
            when zeros_reported = cells and least_kind = most_kind then least_kind
            when zeros_reported = cells then 'part_left_zero'
            when pattern in ('a row', 'a row without its total', 'a column') then 'other_cells'
            when least_kind = most_kind then least_kind
            else 'other'
        end as kind,
        case
            when pattern = 'two cells exchanged' then 0
            when hypothesis = 'table_of_last_year' then checks_mended
            when pattern = 'a whole table' then (moves.closed_by is not null)::integer
            when pattern in ('a row', 'a row without its total', 'a column')
                then greatest(cells - zeros_reported - earlier_cells + (zeros_reported + earlier_cells > 0)::integer, 1)
            else 1
        end::bigint as fitted_numbers
    from shapes
    inner join (select h, checks_mended from hypotheses) using (h)
    left join counted_twice using (h)
    left join (select move, max(kind) as kind, max(closed_by) as closed_by from table_moves group by move) as moves
        on hypothesis = move and pattern = 'a whole table'
),
-- the breaks that hang together: those of table 三, or of a line of another table
breaks as (
    select distinct r, form_table, if(form_table = 'requests', 'all', line_code) as line_code, q
    from check_cells inner join places using (k) where is_broken and form_table <> 'narrative'
),
around_hypotheses as (
    select distinct h, breaks.r, form_table, line_code
    from mended
    inner join candidates using (h)
    inner join checks_around using (q)
    inner join identity_numbers using (i)
    inner join breaks using (q)
    where candidates.r = breaks.r or check_r = breaks.r and family <> 'rollup'
),
breaks_around as (
    select h, count(distinct q) as breaks
    from around_hypotheses inner join breaks using (r, form_table, line_code) group by h
)
select
    hypotheses.*, reports.report_id, kind, fitted_numbers,
    coalesce(breaks - checks_mended, 0) as checks_left,
    (weight::integer + 2 * (checks_mended - fitted_numbers) - 2 * coalesce(breaks - checks_mended, 0))::integer
        as likelihood
from hypotheses
inner join named using (h)
inner join reports using (r)
left join breaks_around using (h)
inner join {{ seed('reference', 'slip_kinds') }} using (kind);

create table quality.explanations as
select
    report_id, hypothesis_id, pattern, hypothesis, kind, cells, checks_mended, checks_left, fitted_numbers, likelihood,
    first_check, mends
from explanations;

create table quality.suspect_cells as
with likely as (
    select * from explanations
    where likelihood >= (select weight::integer from {{ seed('reference', 'slip_kinds') }} where kind = 'not_known')
),
causes as (
    select q, first_check as root_cause_id
    from mended inner join likely using (h)
    qualify row_number() over (partition by q order by likelihood desc, cells, report_id, hypothesis_id) = 1
),
competing as (
    select likely.*, root_cause_id, max(likelihood) over (partition by root_cause_id) as greatest_likelihood
    from likely inner join check_names on first_check = name inner join causes using (q)
),
ranked as (
    select
        *, dense_rank() over (
            partition by root_cause_id
            order by if(likelihood >= greatest_likelihood - 1, greatest_likelihood, likelihood) desc
        ) as rank
    from competing
)
select
    report_id, hypothesis_id, root_cause_id, rank, likelihood, kind, form_table, line_code, column_code, reported_value,
    implied_value, cells, checks_mended, mends
from slips inner join ranked using (h);

create table quality.doubtful_cells as
select distinct report_id, form_table, line_code, column_code from quality.suspect_cells where rank = 1;

{% for fact, form_table, line, column in [
    ('fct_requests', 'requests', 'line_code', 'applicant_type'),
    ('fct_review_litigation', 'reviews', 'channel', 'result'),
    ('fct_published_items', 'disclosures', 'line_code', 'measure_code'),
] %}
    update marts.{{ fact }} as fact set is_doubtful = true
    from quality.doubtful_cells as doubtful
    where
        fact.report_id = doubtful.report_id and form_table = '{{ form_table }}'
        and fact.{{ line }} = doubtful.line_code and fact.{{ column }} = doubtful.column_code;
{% endfor %}

create table quality.issues as
with ranked as (
    select distinct report_id, hypothesis_id, root_cause_id, rank, kind, likelihood from quality.suspect_cells
),
causes as (
    select check_report_id as report_id, identity_id, slice, root_cause_id, kind
    from mended
    inner join candidates using (h)
    inner join check_names using (q)
    inner join ranked using (hypothesis_id)
    qualify row_number() over (partition by q order by likelihood desc, rank, ranked.report_id, hypothesis_id) = 1
),
equals as (select root_cause_id, count(*) as firsts from ranked where rank = 1 group by root_cause_id),
figures as (
    select root_cause_id, string_agg(distinct figure, ', ' order by figure) as figures
    from quality.suspect_cells inner join quality.cell_figures using (form_table, line_code, column_code)
    where rank = 1 group by root_cause_id
)
select
    checks.report_id, agency_id, report_year, identity_id, family, severity, slice, lhs, rhs, difference,
    is_acknowledged,
    coalesce(root_cause_id, concat(checks.report_id, ' ', identity_id, ' ', slice)) as root_cause_id,
    coalesce(kind, 'not_known') as likely_slip, coalesce(firsts, 0) as equal_explanations, figures as figures_affected
from quality.fct_identity_checks as checks
inner join identities using (identity_id)
left join causes using (report_id, identity_id, slice)
left join equals using (root_cause_id)
left join figures using (root_cause_id)
where status = 'broken';

-- nobody has written about a report here, decided on it or corrected it, so every cause is open and no check is corrected
create table quality.cause_history (
    root_cause_id varchar, event varchar, happened_on date, note varchar, entered_by varchar, checks bigint
);

create table quality.cause_states as
with checks as (
    select
        issues.*, landed_on,
        row_number() over (partition by root_cause_id order by severity, identity_id, report_id, slice) as place
    from quality.issues inner join marts.dim_report using (report_id)
)
select
    root_cause_id,
    {% for column in ['report_id', 'agency_id', 'report_year', 'severity'] %}
        max({{ column }}) filter (place = 1) as {{ column }},
    {% endfor %}
    'open' as state, max(landed_on) as state_since,
    {% for event in ['asked', 'answered', 'acknowledged', 'corrected'] %}null::date as {{ event }}_on, {% endfor %}
    count(*) as checks, 0::bigint as checks_acknowledged, 0::bigint as checks_mended, count(*) as checks_open
from checks
group by root_cause_id;

create table quality.corrected_checks (
    report_id varchar, identity_id varchar, slice varchar, lhs decimal(28, 4), rhs decimal(28, 4), status varchar,
    reported_lhs decimal(28, 4), reported_rhs decimal(28, 4), reported_status varchar, is_mended boolean,
    is_newly_broken boolean
);

-- nor is one in a form before 2019
create table marts.dim_statistic_report as
select * replace (null::varchar as evidence) from marts.dim_report limit 0;

create table marts.fct_statistics (
    report_id varchar, agency_id varchar, report_year integer, layout varchar, indicator_code varchar,
    column_code varchar, unit varchar, value decimal(28, 4), value_status varchar, label varchar, printed_unit varchar,
    printed varchar, is_consolidated boolean
);

create table quality.fct_statistic_checks (
    report_id varchar, agency_id varchar, report_year integer, identity_id varchar, slice varchar, lhs decimal(28, 4),
    rhs decimal(28, 4), difference decimal(28, 4), status varchar, reason varchar
);
