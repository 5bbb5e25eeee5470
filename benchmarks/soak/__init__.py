"""A soak: builds over a random sequence of what happens to a warehouse, with readers all along.

    python -m benchmarks.soak --builds 200 --seed 1

`place.py` is the project, its disk and its clock; `model.py` what was landed and decided, in plain
Python; `readers.py` the four processes that read; `compare.py` holds what is published against the
model; `acts.py` is what is done, and `course.py` the order of it.
"""
