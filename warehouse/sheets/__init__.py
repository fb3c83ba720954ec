"""What stands in a sheet beside the text of its cells: its table, units and scales, struck cells, other tables."""
