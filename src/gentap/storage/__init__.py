"""Records on disk: files that are whole or absent, and folders of shards that can be resumed."""

from gentap.storage.files import (
    digest,
    read_json,
    read_jsonl,
    replacing,
    write_json,
    write_jsonl,
)
from gentap.storage.parquet import (
    alignment_schema,
    example_schema,
    read_counts,
    read_parquet,
    write_parquet,
)
from gentap.storage.remote import is_remote, locate, reaching, read_span
from gentap.storage.shards import Shards, merged, read_records, run_settings

__all__ = [
    "Shards",
    "alignment_schema",
    "digest",
    "example_schema",
    "is_remote",
    "locate",
    "merged",
    "reaching",
    "read_counts",
    "read_json",
    "read_jsonl",
    "read_parquet",
    "read_records",
    "read_span",
    "replacing",
    "run_settings",
    "write_json",
    "write_jsonl",
    "write_parquet",
]
