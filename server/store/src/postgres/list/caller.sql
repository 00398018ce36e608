WITH caller AS MATERIALIZED (
    SELECT
        t.id AS token_id, t.role AS token_role, t.scopes, t.created_at AS token_created_at,
        t.expires_at, t.revoked_at, tu.id AS holder_user_id, tor.id AS holder_organization_id,
        t.user_key, t.organization_key,
        (SELECT own.key FROM customer own WHERE own.user_key = t.user_key) AS profile,
        (SELECT coalesce(json_agg(m.role), '[]')::text FROM platform_membership m
         WHERE m.user_key = t.user_key) AS platform_roles,
        (SELECT coalesce(json_agg(json_build_array(held.organization_key, held.role)), '[]')::text
         FROM (
             SELECT m.organization_key, m.role FROM membership m WHERE m.user_key = t.user_key
             UNION ALL
             SELECT t.organization_key, t.role WHERE t.organization_key IS NOT NULL
         ) held) AS organization_roles,
        (SELECT coalesce(json_agg(json_build_array(r.actions, r.packs, r.valid_from,
             r.customer_key, r.organization_key)), '[]')::text
         FROM direct_grant r WHERE r.user_key = t.user_key) AS grants,
        (SELECT coalesce(json_agg(json_build_array(r.actions, r.packs, r.valid_from,
             r.customer_key, r.organization_key)), '[]')::text
         FROM direct_deny r WHERE r.user_key = t.user_key) AS denies
    FROM api_token t
    LEFT JOIN "user" tu ON tu.key = t.user_key
    LEFT JOIN organization tor ON tor.key = t.organization_key
    WHERE t.hash = {hash}
),
everywhere AS MATERIALIZED (
    SELECT EXISTS (
        SELECT 1 FROM caller JOIN platform_membership m ON m.user_key = caller.user_key
        WHERE m.role = ANY ({everywhere})) AS yes
),
granted AS MATERIALIZED (
    SELECT r.customer_key, r.organization_key
    FROM caller JOIN direct_grant r ON r.user_key = caller.user_key
    WHERE ((r.actions & {actions}) <> 0 OR (r.packs & {packs}) <> 0)
      AND (r.valid_from IS NULL OR r.valid_from <= {now})
),
denied AS MATERIALIZED (
    SELECT r.customer_key, r.organization_key
    FROM caller JOIN direct_deny r ON r.user_key = caller.user_key
    WHERE ((r.actions & {actions}) <> 0 OR (r.packs & {packs}) <> 0)
      AND (r.valid_from IS NULL OR r.valid_from <= {now})
),
scope_organization AS MATERIALIZED (
    SELECT o.key FROM (
        SELECT m.organization_key AS key
        FROM caller JOIN membership m ON m.user_key = caller.user_key WHERE m.role = ANY ({anywhere})
        UNION
        SELECT caller.organization_key FROM caller
        WHERE caller.organization_key IS NOT NULL AND caller.token_role = ANY ({anywhere})
        UNION
        SELECT granted.organization_key FROM granted WHERE granted.organization_key IS NOT NULL
    ) o
    WHERE NOT EXISTS (SELECT 1 FROM denied WHERE denied.organization_key = o.key)
),
scope_customer AS MATERIALIZED (
    SELECT caller.profile AS key FROM caller WHERE caller.profile IS NOT NULL
    UNION
    SELECT granted.customer_key FROM granted WHERE granted.customer_key IS NOT NULL
),
reached AS MATERIALIZED (
    SELECT r.customer_key AS key
    FROM scope_organization o JOIN reach r ON r.organization_key = o.key
    WHERE NOT (SELECT yes FROM everywhere)
    LIMIT {near} + 1
),
few AS MATERIALIZED (
    SELECT NOT (SELECT yes FROM everywhere) AND (SELECT count(*) FROM reached) <= {near} AS yes
)
