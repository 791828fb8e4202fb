"""Surveys: how a sample was drawn, what its estimates' variances are, weights moved to known totals, samples drawn from a register."""
