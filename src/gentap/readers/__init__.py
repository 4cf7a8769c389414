"""Tables from every common format, or one clear error that says where."""

from gentap.readers.table_file import read_table

__all__ = ["read_table"]
