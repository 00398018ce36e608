matched AS MATERIALIZED (
    SELECT x.created_at, x.key,
        (SELECT coalesce(json_agg(r.organization_key), '[]')::text FROM reach r
         WHERE r.customer_key = x.key) AS reached_by
    FROM candidate x {texts}
    WHERE ((SELECT yes FROM everywhere)
           OR EXISTS (SELECT 1 FROM scope_customer s WHERE s.key = x.key)
           OR EXISTS (SELECT 1 FROM reach r JOIN scope_organization o ON o.key = r.organization_key
                      WHERE r.customer_key = x.key OFFSET 0))
      AND NOT EXISTS (SELECT 1 FROM denied WHERE denied.customer_key = x.key)
      AND NOT EXISTS (SELECT 1 FROM reach r JOIN denied ON denied.organization_key = r.organization_key
                      WHERE r.customer_key = x.key OFFSET 0)
      {matches}
    ORDER BY x.created_at {direction}, x.key {direction}
    LIMIT {most}
)
SELECT
    caller.token_id, caller.token_role, caller.scopes, caller.token_created_at, caller.expires_at,
    caller.revoked_at, caller.holder_user_id, caller.holder_organization_id, caller.profile,
    caller.platform_roles,
    CASE WHEN item.place IS NULL OR item.place = 1 THEN caller.organization_roles END
        AS organization_roles,
    CASE WHEN item.place IS NULL OR item.place = 1 THEN caller.grants END AS grants,
    CASE WHEN item.place IS NULL OR item.place = 1 THEN caller.denies END AS denies,
    (SELECT created_at FROM scanned) AS scanned_created_at,
    (SELECT key FROM scanned) AS scanned_key,
    item.*
FROM caller
LEFT JOIN (
    SELECT m.key AS customer_key, m.reached_by,
        row_number() OVER (ORDER BY m.created_at {direction}, m.key {direction}) AS place,
        {customer_columns}
    FROM matched m JOIN customer c ON c.key = m.key JOIN "user" u ON u.key = c.user_key
) item ON TRUE
ORDER BY item.place
