"""The sample programme of 靖江市—永寿县 as data: invented rows, marked 示例, whose totals are the article's.

Deterministic: the same rows on every machine. Pure Python; `lianqiao.demo.build` runs them through the real import.
"""
