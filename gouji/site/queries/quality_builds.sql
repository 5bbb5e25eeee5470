select
    published_at,
    gouji_version,
    input_sha256,
    reports,
    identity_checks,
    assessable_checks,
    acknowledged_checks,
    issues_opened,
    issues_closed,
    issues_opened + issues_still_open as issues
from quality.run_history
order by published_at desc
limit 60
