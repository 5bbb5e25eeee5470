"""The published tables as Parquet files, for tools that do not read DuckDB."""
