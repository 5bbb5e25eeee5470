-- How much did the bodies collect in fees each year, in yuan?
select report_year, sum(fee_yuan) as yuan
from marts.agency_year
where not is_consolidated and fee_yuan is not null
group by report_year
order by report_year;

select
    report_year::integer as report_year,
    sum(cast(case
        when printed like '%万元' then try_cast(replace(printed, '万元', '') as decimal(28, 8)) * 10000
        when printed like '%元' then try_cast(replace(printed, '元', '') as decimal(28, 8))
        else try_cast(printed as decimal(28, 8)) * case layout when '2021' then 10000 else 1 end
    end as decimal(28, 4))) as yuan
from raw_disclosures
inner join raw_reports using (report_id)
inner join agencies using (agency_id)
where line_code = 'fee' and measure_code = 'amount' and is_consolidated = 'false'
group by report_year
order by report_year;
