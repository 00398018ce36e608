-- For how many milliseconds a token was to count when it was made; null, if without end. Rotation
-- cuts `expires_at` short, and the successor is to count for as long as the token was made for.
ALTER TABLE api_token ADD COLUMN lifetime INTEGER;

UPDATE api_token SET lifetime = expires_at - created_at;
