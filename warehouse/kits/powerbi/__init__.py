"""The Power BI kit: a project of text files, a semantic model and its reports, beside the Parquet files it reads."""
