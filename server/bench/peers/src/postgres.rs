//! The three queries on PostgreSQL.

/// `$1` is the hash of the token.
pub const TOKEN: &str = "
    SELECT user_key, organization_key, role, expires_at, revoked_at, scopes
    FROM api_token WHERE hash = $1";

/// `$1` is the customer, `$2` to `$4` are the user, organization and role of the token, `$5` is
/// now. The bits are those of `CustomerRead` and of the packs that have it.
pub const ACCESS: &str = "
    SELECT
        (
            coalesce(c.user_key = $2, FALSE)
            OR EXISTS (
                SELECT 1 FROM platform_membership m
                WHERE m.user_key = $2 AND m.role IN ('PlatformSupport', 'PlatformAdmin'))
            OR EXISTS (
                SELECT 1 FROM membership m
                JOIN reach r ON r.organization_key = m.organization_key
                WHERE m.user_key = $2 AND r.customer_key = c.key
                    AND m.role IN ('OrganizationAdmin', 'CustomerSupport', 'PlatformSupport',
                        'PlatformAdmin'))
            OR ($4 IN ('OrganizationAdmin', 'CustomerSupport') AND EXISTS (
                SELECT 1 FROM reach r
                WHERE r.customer_key = c.key AND r.organization_key = $3))
            OR EXISTS (
                SELECT 1 FROM direct_grant g
                WHERE g.user_key = $2 AND (g.actions & 1 <> 0 OR g.packs & 3 <> 0)
                    AND coalesce(g.valid_from <= $5, TRUE)
                    AND (g.customer_key = c.key OR EXISTS (
                        SELECT 1 FROM reach r
                        WHERE r.customer_key = c.key
                            AND r.organization_key = g.organization_key)))
        )
        AND NOT EXISTS (
            SELECT 1 FROM direct_deny d
            WHERE d.user_key = $2 AND (d.actions & 1 <> 0 OR d.packs & 3 <> 0)
                AND coalesce(d.valid_from <= $5, TRUE)
                AND (d.customer_key = c.key OR EXISTS (
                    SELECT 1 FROM reach r
                    WHERE r.customer_key = c.key AND r.organization_key = d.organization_key)))
        AS allowed
    FROM customer c WHERE c.id = $1";

/// `$1` is the customer.
pub const CUSTOMER: &str = r#"
    SELECT c.id, u.id AS user_id, c.credit_status, c.identity_verification_status, c.created_at,
        c.updated_at, u.updated_at AS user_updated_at, c.address1, c.address2, c.city, c.state,
        c.zip, c.country, c.phone, c.credit_ip_address, c.credit_timestamp, c.stripe_id,
        c.stripe_sandbox_id, c.stripe_verification_session_id
    FROM customer c JOIN "user" u ON u.key = c.user_key
    WHERE c.id = $1"#;
