-- Who appends the rows of reads to the audit trail, and the last batch that each has appended. A
-- batch comes again when its writer did not hear what became of it, and is not to be there twice.
-- Each start of a server is another writer, and leaves a row.
CREATE TABLE audit_writer (
    id         UUID PRIMARY KEY,
    last_batch BIGINT NOT NULL
);
