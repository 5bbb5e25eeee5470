-- Chance: u(…) is uniform in (0, 1), a function of the seed and of its five arguments.
-- The hash of several values is not mixed well, so that draws of two names would go together: it is hashed again.
create macro u(what, a, b, c, d) as
    ((hash(hash({{ seed }}::bigint, what, a::bigint, b::bigint, c::bigint, d::bigint)) >> 12
    )::double + 0.5) / 4503599627370496.0;

-- A heavy tail: half the draws are below 1, one in a hundred is above 15.
create macro heavy(u) as least(pow(u, -0.6) - 1, 2000);

-- How often a type of applicant asks at all in a year, and how many times, against natural persons.
create table applicants (type integer, presence double, size double);
insert into applicants values
    (1, 0.62, 1),
    (2, 0.14, 0.5),
    (3, 0.015, 0.2),
    (4, 0.02, 0.2),
    (5, 0.04, 0.3),
    (6, 0.03, 0.3);

-- How often an outcome occurs in a report with requests, and its weight where it does.
create table outcomes (line_order integer, line_code varchar, presence double, size double);
insert into outcomes values
    (1, 'granted', 0.75, 4),
    (2, 'partially_granted', 0.2, 1.5),
    (3, 'denied_state_secret', 0.01, 0.2),
    (4, 'denied_prohibited_by_law', 0.02, 0.3),
    (5, 'denied_safety_stability', 0.01, 0.2),
    (6, 'denied_third_party', 0.04, 0.4),
    (7, 'denied_internal_affairs', 0.06, 0.5),
    (8, 'denied_deliberative_process', 0.07, 0.5),
    (9, 'denied_enforcement_file', 0.08, 0.6),
    (10, 'denied_administrative_query', 0.06, 0.5),
    (11, 'unavailable_not_held', 0.45, 3),
    (12, 'unavailable_needs_creation', 0.06, 0.6),
    (13, 'unavailable_unclear', 0.05, 0.3),
    (14, 'unprocessed_petition', 0.06, 1),
    (15, 'unprocessed_repeat', 0.06, 0.5),
    (16, 'unprocessed_publication', 0.002, 0.2),
    (17, 'unprocessed_excessive', 0.01, 0.5),
    (18, 'unprocessed_confirm_reissue', 0.01, 0.3),
    (19, 'other_no_correction', 0.08, 0.6),
    (20, 'other_fee_unpaid', 0.01, 0.3),
    (21, 'other_other', 0.08, 0.8);

-- How often a body has anything in a line of table 二, the size of its stock, decisions a year.
create table stocks (line_order integer, line_code varchar, presence double, size double, decisions double);
insert into stocks values
    (1, 'regulation', 0.02, 3, 0),
    (2, 'normative_document', 0.6, 8, 0),
    (3, 'permit', 0.6, 12, 60),
    (4, 'other_service', 0.2, 4, 40),
    (5, 'penalty', 0.5, 40, 30),
    (6, 'coercion', 0.3, 5, 15),
    (7, 'fee', 0.2, 2, 0),
    (8, 'procurement', 0.35, 0, 0);

-- How often a case is brought in a channel.
create table channels (channel_order integer, channel varchar, presence double);
insert into channels values
    (1, 'review', 0.15),
    (2, 'litigation_direct', 0.1),
    (3, 'litigation_after_review', 0.08);
