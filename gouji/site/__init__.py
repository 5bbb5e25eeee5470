"""The static site: pages written from a published warehouse, read in any browser, offline."""
