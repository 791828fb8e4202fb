"""Whom social protection helps: poverty, inequality, incidence and redistribution from survey microdata, with standard errors."""
