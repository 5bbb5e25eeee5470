"""`gouji serve`: the pages of the site drawn on request, search, tables, and SQL, over HTTP."""
