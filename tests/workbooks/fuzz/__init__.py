"""Anything in place of a workbook: no traceback, no row lost, no partial write. `make fuzz` tries fifty times as much."""
