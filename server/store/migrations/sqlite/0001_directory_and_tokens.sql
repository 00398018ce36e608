-- Every object has an integer key of its own, by which rows refer to each other and which never
-- leaves the store; its public identifier is kept as the 16 bytes of its UUID. Times are
-- milliseconds since 1970 in UTC. Sets of actions and packs are the bits of customers-types.

CREATE TABLE user (
    key        INTEGER PRIMARY KEY,
    id         BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    email      TEXT NOT NULL,
    first_name TEXT,
    last_name  TEXT,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE customer (
    key                            INTEGER PRIMARY KEY,
    id                             BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    user_key                       INTEGER NOT NULL UNIQUE REFERENCES user (key),
    credit_status                  TEXT NOT NULL,
    identity_verification_status   TEXT NOT NULL,
    address1                       TEXT,
    address2                       TEXT,
    city                           TEXT,
    state                          TEXT,
    zip                            TEXT,
    country                        TEXT,
    phone                          TEXT,
    credit_ip_address              TEXT,
    credit_timestamp               INTEGER,
    stripe_id                      TEXT,
    stripe_sandbox_id              TEXT,
    stripe_verification_session_id TEXT,
    created_at                     INTEGER NOT NULL,
    updated_at                     INTEGER NOT NULL
) STRICT;

CREATE TABLE organization (
    key  INTEGER PRIMARY KEY,
    id   BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    name TEXT NOT NULL
) STRICT;

CREATE TABLE membership (
    user_key         INTEGER NOT NULL REFERENCES user (key),
    organization_key INTEGER NOT NULL REFERENCES organization (key),
    role             TEXT NOT NULL,
    PRIMARY KEY (user_key, organization_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX membership_of_organization ON membership (organization_key);

CREATE TABLE platform_membership (
    user_key INTEGER PRIMARY KEY REFERENCES user (key),
    role     TEXT NOT NULL
) STRICT;

CREATE TABLE product (
    key              INTEGER PRIMARY KEY,
    id               BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    organization_key INTEGER NOT NULL REFERENCES organization (key)
) STRICT;

CREATE INDEX product_of_organization ON product (organization_key);

CREATE TABLE checkout (
    key          INTEGER PRIMARY KEY,
    id           BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    customer_key INTEGER NOT NULL REFERENCES customer (key),
    product_key  INTEGER NOT NULL REFERENCES product (key)
) STRICT;

CREATE INDEX checkout_of_customer ON checkout (customer_key, product_key);
-- Without it, the removal of one product would read all checkouts.
CREATE INDEX checkout_of_product ON checkout (product_key);

-- Which organizations reach a customer: those with a product that the customer has checked out.
-- It follows from the two tables above, and the triggers below keep it so. The access rule asks
-- it in one look-up, however much a customer has checked out; the time of an answer must not
-- tell a customer who is hidden from one who does not exist.
CREATE TABLE reach (
    customer_key     INTEGER NOT NULL REFERENCES customer (key),
    organization_key INTEGER NOT NULL REFERENCES organization (key),
    PRIMARY KEY (customer_key, organization_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX reach_of_organization ON reach (organization_key);

CREATE TRIGGER checkout_added AFTER INSERT ON checkout BEGIN
    INSERT INTO reach (customer_key, organization_key)
    SELECT new.customer_key, p.organization_key FROM product p WHERE p.key = new.product_key
    ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER checkout_removed AFTER DELETE ON checkout BEGIN
    DELETE FROM reach
    WHERE customer_key = old.customer_key
      AND organization_key =
          (SELECT p.organization_key FROM product p WHERE p.key = old.product_key)
      AND NOT EXISTS (
          SELECT 1 FROM checkout k JOIN product p ON p.key = k.product_key
          WHERE k.customer_key = reach.customer_key
            AND p.organization_key = reach.organization_key);
END;

CREATE TRIGGER checkout_moved AFTER UPDATE OF customer_key, product_key ON checkout BEGIN
    INSERT INTO reach (customer_key, organization_key)
    SELECT new.customer_key, p.organization_key FROM product p WHERE p.key = new.product_key
    ON CONFLICT DO NOTHING;
    DELETE FROM reach
    WHERE customer_key = old.customer_key
      AND organization_key =
          (SELECT p.organization_key FROM product p WHERE p.key = old.product_key)
      AND NOT EXISTS (
          SELECT 1 FROM checkout k JOIN product p ON p.key = k.product_key
          WHERE k.customer_key = reach.customer_key
            AND p.organization_key = reach.organization_key);
END;

CREATE TRIGGER product_moved AFTER UPDATE OF organization_key ON product BEGIN
    INSERT INTO reach (customer_key, organization_key)
    SELECT DISTINCT k.customer_key, new.organization_key FROM checkout k
    WHERE k.product_key = new.key
    ON CONFLICT DO NOTHING;
    DELETE FROM reach
    WHERE organization_key = old.organization_key
      AND customer_key IN (SELECT k.customer_key FROM checkout k WHERE k.product_key = new.key)
      AND NOT EXISTS (
          SELECT 1 FROM checkout k JOIN product p ON p.key = k.product_key
          WHERE k.customer_key = reach.customer_key
            AND p.organization_key = reach.organization_key);
END;

CREATE TABLE direct_grant (
    key              INTEGER PRIMARY KEY,
    id               BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    user_key         INTEGER NOT NULL REFERENCES user (key),
    actions          INTEGER NOT NULL,
    packs            INTEGER NOT NULL,
    customer_key     INTEGER REFERENCES customer (key),
    organization_key INTEGER REFERENCES organization (key),
    valid_from       INTEGER,
    CHECK ((customer_key IS NULL) <> (organization_key IS NULL))
) STRICT;

CREATE INDEX direct_grant_of_user ON direct_grant (user_key);
CREATE INDEX direct_grant_on_customer ON direct_grant (customer_key)
    WHERE customer_key IS NOT NULL;
CREATE INDEX direct_grant_on_organization ON direct_grant (organization_key)
    WHERE organization_key IS NOT NULL;

CREATE TABLE direct_deny (
    key              INTEGER PRIMARY KEY,
    id               BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    user_key         INTEGER NOT NULL REFERENCES user (key),
    actions          INTEGER NOT NULL,
    packs            INTEGER NOT NULL,
    customer_key     INTEGER REFERENCES customer (key),
    organization_key INTEGER REFERENCES organization (key),
    valid_from       INTEGER,
    CHECK ((customer_key IS NULL) <> (organization_key IS NULL))
) STRICT;

CREATE INDEX direct_deny_of_user ON direct_deny (user_key);
CREATE INDEX direct_deny_on_customer ON direct_deny (customer_key)
    WHERE customer_key IS NOT NULL;
CREATE INDEX direct_deny_on_organization ON direct_deny (organization_key)
    WHERE organization_key IS NOT NULL;

-- A token goes with the user or the organization for which it acts.
CREATE TABLE api_token (
    key              INTEGER PRIMARY KEY,
    id               BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    hash             BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    user_key         INTEGER REFERENCES user (key) ON DELETE CASCADE,
    organization_key INTEGER REFERENCES organization (key) ON DELETE CASCADE,
    role             TEXT,
    scopes           INTEGER,
    created_at       INTEGER NOT NULL,
    expires_at       INTEGER,
    revoked_at       INTEGER,
    CHECK ((user_key IS NULL) <> (organization_key IS NULL)),
    CHECK ((organization_key IS NULL) = (role IS NULL))
) STRICT;

CREATE INDEX api_token_of_user ON api_token (user_key) WHERE user_key IS NOT NULL;
CREATE INDEX api_token_of_organization ON api_token (organization_key)
    WHERE organization_key IS NOT NULL;
