"""What follows from a law applied to a population: costing, budget, impact, coverage, adequacy."""
