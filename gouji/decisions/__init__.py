"""What stewards decide, as rows of the stewardship seeds: `gouji acknowledge` and `correct`."""
