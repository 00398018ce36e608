-- Who read or changed which customer. A row outlives what it is about, so it refers to nothing
-- by key: it has the public identifiers themselves, as the 16 bytes of their UUIDs. Of what was
-- changed it has the names of the fields, separated by commas, and never a value. Rows are only
-- ever added, and keys are given without a gap.
CREATE TABLE audit (
    key             INTEGER PRIMARY KEY,
    at              INTEGER NOT NULL,
    user_id         BLOB CHECK (length(user_id) = 16),
    organization_id BLOB CHECK (length(organization_id) = 16),
    role            TEXT,
    token_id        BLOB NOT NULL CHECK (length(token_id) = 16),
    request_id      TEXT NOT NULL,
    operation       TEXT NOT NULL,
    customer_id     BLOB NOT NULL CHECK (length(customer_id) = 16),
    clause          TEXT NOT NULL,
    fields          TEXT,
    CHECK ((user_id IS NULL) <> (organization_id IS NULL)),
    CHECK ((organization_id IS NULL) = (role IS NULL))
) STRICT;

-- Where the rows of a customer are. Customers are read in no order, so an index would have
-- another page to write for nearly every row. This one is written by the block: when the keys of
-- a block are used up, all its rows at once, sorted by customer. All blocks but the last are here.
CREATE TABLE audit_of_customer (
    block       INTEGER NOT NULL,
    customer_id BLOB NOT NULL,
    key         INTEGER NOT NULL,
    PRIMARY KEY (block, customer_id, key)
) STRICT, WITHOUT ROWID;
