"""Pages of persons and households: forms are read here, and pages made; who may do what is in the selectors and services."""
