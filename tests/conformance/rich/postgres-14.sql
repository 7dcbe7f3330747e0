-- What PostgreSQL 14 brought, for the schema of postgres.sql.
CREATE FUNCTION shop.double(t text) RETURNS text LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT t || t; END;
