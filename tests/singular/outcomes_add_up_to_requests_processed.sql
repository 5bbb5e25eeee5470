-- Where （七）总计 is consistent and every outcome is reported, the outcomes of fct_requests add up to the
-- printed total: the leaves are all there and no total is counted among them.
{{ config(meta={'batch': 'fact_batch'}) }}
with outcomes as (

    select
        report_id,
        applicant_type,
        sum(reported_value) as processed
    from {{ ref('fct_requests') }}
    where stage = 'outcome'
    group by report_id, applicant_type
    having count(*) = count(reported_value)

),

checks as (

    select * from {{ ref('fct_identity_checks') }}
    where identity_id = 'requests.outcomes' and status = 'holds'

)

select
    outcomes.*,
    checks.lhs
from outcomes
inner join checks on outcomes.report_id = checks.report_id and outcomes.applicant_type = checks.slice
where outcomes.processed <> checks.lhs
