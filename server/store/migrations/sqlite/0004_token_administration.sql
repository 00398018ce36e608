-- For how many milliseconds a token was to count when it was made; null, if without end. Rotation
-- cuts `expires_at` short, and the successor is to count for as long as the token was made for.
ALTER TABLE api_token ADD COLUMN lifetime INTEGER;

UPDATE api_token SET lifetime = expires_at - created_at;

-- Tokens of organizations are listed in the order in which they were made: those of one, and all.
DROP INDEX api_token_of_organization;
CREATE INDEX api_token_of_organization ON api_token (organization_key, created_at)
    WHERE organization_key IS NOT NULL;
CREATE INDEX api_token_in_order ON api_token (created_at)
    WHERE organization_key IS NOT NULL;
