-- What lists need: customers in the order of their creation, those of each organization too, and
-- an index for parts of names and e-mail addresses.

-- Every index ends in the key, so this one is in order of both.
CREATE INDEX customer_in_order ON customer (created_at);

-- `reach` again, with the moment by which it is listed.
DROP TRIGGER checkout_added;
DROP TRIGGER checkout_removed;
DROP TRIGGER checkout_moved;
DROP TRIGGER product_moved;
DROP TABLE reach;

-- Which organizations reach a customer: those with a product that the customer has checked out.
-- It follows from the tables of checkouts and products, and the triggers below keep it so. The
-- access rule asks it in one look-up, however much a customer has checked out; the time of an
-- answer must not tell a customer who is hidden from one who does not exist.
CREATE TABLE reach (
    customer_key     INTEGER NOT NULL REFERENCES customer (key),
    organization_key INTEGER NOT NULL REFERENCES organization (key),
    -- When the customer was created.
    created_at       INTEGER NOT NULL,
    PRIMARY KEY (customer_key, organization_key)
) STRICT, WITHOUT ROWID;

INSERT INTO reach (customer_key, organization_key, created_at)
SELECT DISTINCT k.customer_key, p.organization_key, c.created_at
FROM checkout k
JOIN product p ON p.key = k.product_key
JOIN customer c ON c.key = k.customer_key;

CREATE INDEX reach_in_order ON reach (organization_key, created_at, customer_key);

CREATE TRIGGER checkout_added AFTER INSERT ON checkout BEGIN
    INSERT INTO reach (customer_key, organization_key, created_at)
    SELECT c.key, p.organization_key, c.created_at FROM product p, customer c
    WHERE p.key = new.product_key AND c.key = new.customer_key
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
    INSERT INTO reach (customer_key, organization_key, created_at)
    SELECT c.key, p.organization_key, c.created_at FROM product p, customer c
    WHERE p.key = new.product_key AND c.key = new.customer_key
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
    INSERT INTO reach (customer_key, organization_key, created_at)
    SELECT DISTINCT k.customer_key, new.organization_key, c.created_at
    FROM checkout k JOIN customer c ON c.key = k.customer_key
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

CREATE TRIGGER customer_moved_in_time AFTER UPDATE OF created_at ON customer
WHEN new.created_at <> old.created_at BEGIN
    UPDATE reach SET created_at = new.created_at WHERE customer_key = new.key;
END;

-- Every three characters in a row that a customer's e-mail address, or full name, has. Only the
-- index is kept, not the text; `fold` is a function of ours that levels out case and composition.
-- Rows are customers, by their key.
CREATE VIRTUAL TABLE email_search USING fts5 (
    email, content = '', contentless_delete = 1, detail = none,
    tokenize = 'trigram case_sensitive 1'
);
CREATE VIRTUAL TABLE name_search USING fts5 (
    name, content = '', contentless_delete = 1, detail = none,
    tokenize = 'trigram case_sensitive 1'
);

INSERT INTO email_search (rowid, email)
SELECT c.key, fold(u.email) FROM customer c JOIN user u ON u.key = c.user_key;
INSERT INTO name_search (rowid, name)
SELECT c.key, fold(concat_ws(' ', u.first_name, u.last_name))
FROM customer c JOIN user u ON u.key = c.user_key;

CREATE TRIGGER customer_searched AFTER INSERT ON customer BEGIN
    INSERT INTO email_search (rowid, email)
    SELECT new.key, fold(u.email) FROM user u WHERE u.key = new.user_key;
    INSERT INTO name_search (rowid, name)
    SELECT new.key, fold(concat_ws(' ', u.first_name, u.last_name))
    FROM user u WHERE u.key = new.user_key;
END;

CREATE TRIGGER customer_no_longer_searched AFTER DELETE ON customer BEGIN
    DELETE FROM email_search WHERE rowid = old.key;
    DELETE FROM name_search WHERE rowid = old.key;
END;

CREATE TRIGGER customer_searched_by_other_user AFTER UPDATE OF user_key ON customer
WHEN new.user_key <> old.user_key BEGIN
    INSERT OR REPLACE INTO email_search (rowid, email)
    SELECT new.key, fold(u.email) FROM user u WHERE u.key = new.user_key;
    INSERT OR REPLACE INTO name_search (rowid, name)
    SELECT new.key, fold(concat_ws(' ', u.first_name, u.last_name))
    FROM user u WHERE u.key = new.user_key;
END;

CREATE TRIGGER user_searched_by_other_email AFTER UPDATE OF email ON user
WHEN new.email <> old.email BEGIN
    INSERT OR REPLACE INTO email_search (rowid, email)
    SELECT c.key, fold(new.email) FROM customer c WHERE c.user_key = new.key;
END;

CREATE TRIGGER user_searched_by_other_name AFTER UPDATE OF first_name, last_name ON user
WHEN new.first_name IS NOT old.first_name OR new.last_name IS NOT old.last_name BEGIN
    INSERT OR REPLACE INTO name_search (rowid, name)
    SELECT c.key, fold(concat_ws(' ', new.first_name, new.last_name))
    FROM customer c WHERE c.user_key = new.key;
END;

-- The key by which the cursors of lists are sealed: one for all instances, so that a cursor counts
-- at each of them and survives a restart.
CREATE TABLE cursor_key (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    key  BLOB NOT NULL CHECK (length(key) = 32)
) STRICT;
