"""The kinds of slips that can be planted, in the groups that are measured apart."""

from gouji.synthetic.faults import PATTERN_KINDS, SINGLE_CELL_KINDS
from gouji.synthetic.page import Kind
from gouji.synthetic.table_faults import TABLE_KINDS
from gouji.synthetic.untuned_faults import UNTUNED_KINDS

# What the explanations are made for, and what they are not.
KNOWN_KINDS: dict[str, Kind] = SINGLE_CELL_KINDS | PATTERN_KINDS | TABLE_KINDS
KINDS: dict[str, Kind] = KNOWN_KINDS | UNTUNED_KINDS
