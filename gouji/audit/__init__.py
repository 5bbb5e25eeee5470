"""The audit: Great Expectations over a warehouse file, read-only."""
