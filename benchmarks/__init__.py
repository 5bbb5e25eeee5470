"""The benchmark: what it measures stands in README.md."""
