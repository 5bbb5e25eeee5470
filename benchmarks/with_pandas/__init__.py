"""The facts and the checks in pandas, as an analyst would write them.

Vectorised throughout: each distinct text is read once, table 三 is melted to long form, sums are
groupbys, other years and members are merges, names that repeat are categories. It writes the three
facts and the verdict on every check, each as one Parquet file with the columns of the warehouse's
table of that name.
"""
