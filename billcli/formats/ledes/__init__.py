"""Bills for electronic billing: files that are compatible with LEDES 1998B and 1998BI."""
