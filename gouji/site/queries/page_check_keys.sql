select * from page_checks
