"""Synthetic reports with known faults: how it is measured what the checks can see.

`generate` writes reports that agree with themselves, `plant` puts labelled faults into some of
them, `score` compares what a warehouse found with what was planted.
"""
