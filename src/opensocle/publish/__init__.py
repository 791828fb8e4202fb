"""Results for readers: charts, tables, workbooks, documents."""
