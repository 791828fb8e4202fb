"""How a population and an economy move through time."""
