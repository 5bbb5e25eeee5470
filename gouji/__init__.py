"""Gouji (勾稽): a warehouse of government-information-disclosure annual reports."""
