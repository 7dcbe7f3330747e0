-- What PostgreSQL 14 brought, for the schema of postgres.sql.
CREATE FUNCTION shop.double(t text) RETURNS text LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT t || t; END;
CREATE FUNCTION shop.spelled(n integer, a varchar, b boolean DEFAULT 1 BETWEEN 0 AND 2 AND true) RETURNS text LANGUAGE sql BEGIN ATOMIC
  SELECT 'x' WHERE n BETWEEN 1 AND 2 AND a IN ('x', 'y'); SELECT CASE WHEN a = ANY (ARRAY['x', 'y']) THEN 'q' END; VALUES ('z'); SELECT 'x'; END;
