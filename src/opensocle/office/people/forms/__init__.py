"""Forms of people's pages: they parse, the services check."""
