-- The six kinds of applicant.
{% set key = ['applicant_type'] %}
{% set title_zh = '申请人类型与种子表一致' %}
{% set title_en = 'dim_applicant_type has the six kinds of applicant' %}
select applicant_type, type_order, label_zh, label_en
from reference.applicant_types
where applicant_type <> 'total'
