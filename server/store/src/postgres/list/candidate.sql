wanted AS MATERIALIZED ({wanted}),
found AS MATERIALIZED ({found}),
way AS MATERIALIZED (
    SELECT CASE
        WHEN (SELECT yes FROM few) THEN 'near'
        WHEN {is_found} THEN 'found'
        WHEN {is_wide} THEN 'sift'
        ELSE 'walk'
    END AS way
),
candidate AS MATERIALIZED (
    SELECT c.created_at, c.key
    FROM (
        SELECT n.key FROM reached n WHERE (SELECT way FROM way) = 'near'
        UNION
        SELECT n.key FROM scope_customer n WHERE (SELECT way FROM way) = 'near'
        UNION
        SELECT n.key FROM found n WHERE (SELECT way FROM way) = 'found'
    ) n
    CROSS JOIN LATERAL (SELECT * FROM customer c WHERE c.key = n.key OFFSET 0) c
    WHERE (c.created_at, c.key) {place}
    UNION ALL
    SELECT * FROM (SELECT DISTINCT d.created_at, d.key FROM ({walk}) d {order} LIMIT {most}) walked
    UNION ALL
    {sift}
),
scanned AS MATERIALIZED (
    SELECT last.created_at, last.key
    FROM (SELECT x.created_at, x.key FROM candidate x
          ORDER BY x.created_at {direction}, x.key {direction}
          OFFSET (SELECT CASE way WHEN 'walk' THEN {most} WHEN 'sift' THEN {most_sifted} END - 1
                  FROM way)
          LIMIT 1) last
    WHERE (SELECT way FROM way) IN ('walk', 'sift')
)
