-- Every distinct text, with what a bare number is multiplied by: an amount of table 二 is in 10,000 yuan in layout 2021.
select distinct
    printed,
    if(line_code = 'fee' and column_code = 'amount', 10000, 1) as form_factor
from cells
where printed is not null
