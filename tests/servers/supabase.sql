-- SPDX-License-Identifier: MIT
-- What the platform has in a new project, as far as schemas, roles and rights matter to dara; of our own writing. Run by a superuser in an
-- empty database, by psql. Roles belong to the server: they are made once. `postgres` of a project is no superuser; here it is called
-- supabase_postgres, as the tests' servers have a superuser of that name.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SELECT set_config('dara.password', :'password', false) \gset

DO $roles$
DECLARE
    line record;
BEGIN
    PERFORM pg_advisory_lock(20251120);
    FOR line IN SELECT * FROM (VALUES
        ('anon', 'NOLOGIN'), ('authenticated', 'NOLOGIN'), ('service_role', 'NOLOGIN BYPASSRLS'),
        ('authenticator', 'LOGIN NOINHERIT'), ('supabase_admin', 'LOGIN SUPERUSER CREATEDB CREATEROLE REPLICATION BYPASSRLS'),
        ('supabase_auth_admin', 'LOGIN NOINHERIT CREATEROLE'), ('supabase_storage_admin', 'LOGIN NOINHERIT CREATEROLE'),
        ('supabase_realtime_admin', 'NOLOGIN NOINHERIT'), ('supabase_replication_admin', 'LOGIN REPLICATION'),
        ('supabase_read_only_user', 'LOGIN BYPASSRLS'), ('dashboard_user', 'NOLOGIN CREATEDB CREATEROLE REPLICATION'),
        ('supabase_postgres', 'LOGIN CREATEDB CREATEROLE REPLICATION BYPASSRLS')) r (name, attributes)
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = line.name) THEN
            EXECUTE format('CREATE ROLE %I %s PASSWORD %L', line.name, line.attributes, current_setting('dara.password'));
        END IF;
    END LOOP;
END
$roles$;
GRANT anon, authenticated, service_role TO authenticator, supabase_storage_admin, supabase_postgres;
GRANT authenticator, supabase_auth_admin, supabase_storage_admin, supabase_realtime_admin TO supabase_postgres;
SELECT format('ALTER DATABASE %I OWNER TO supabase_postgres', current_database()) \gexec

GRANT ALL ON SCHEMA public TO supabase_postgres;
GRANT USAGE ON SCHEMA public TO anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_postgres IN SCHEMA public GRANT ALL ON TABLES TO anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_postgres IN SCHEMA public GRANT ALL ON ROUTINES TO anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_postgres IN SCHEMA public GRANT ALL ON SEQUENCES TO anon, authenticated, service_role;

CREATE SCHEMA extensions AUTHORIZATION supabase_postgres;
GRANT USAGE ON SCHEMA extensions TO anon, authenticated, service_role;
CREATE EXTENSION pgcrypto SCHEMA extensions;
CREATE EXTENSION "uuid-ossp" SCHEMA extensions;
CREATE SCHEMA graphql_public;
GRANT USAGE ON SCHEMA graphql_public TO anon, authenticated, service_role;
CREATE FUNCTION graphql_public.graphql(query text) RETURNS jsonb LANGUAGE sql AS $$ SELECT '{}'::jsonb $$;
CREATE SCHEMA vault;
CREATE TABLE vault.secrets (id uuid PRIMARY KEY, name text, secret text NOT NULL);

-- auth: who is asking is in the settings that the API makes for each request.
CREATE SCHEMA auth AUTHORIZATION supabase_auth_admin;
GRANT USAGE ON SCHEMA auth TO anon, authenticated, service_role, supabase_postgres;
SET ROLE supabase_auth_admin;
CREATE TABLE auth.users (
    id uuid PRIMARY KEY,
    email varchar(255) UNIQUE,
    encrypted_password varchar(255),
    raw_app_meta_data jsonb,
    raw_user_meta_data jsonb,
    is_anonymous boolean NOT NULL DEFAULT false,
    created_at timestamptz DEFAULT now()
);
ALTER TABLE auth.users ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION auth.jwt() RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('request.jwt.claim', true), ''), nullif(current_setting('request.jwt.claims', true), ''))::jsonb
$$;
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('request.jwt.claim.sub', true), ''),
                    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid
$$;
CREATE FUNCTION auth.role() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('request.jwt.claim.role', true), ''),
                    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role')
$$;
CREATE FUNCTION auth.email() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('request.jwt.claim.email', true), ''),
                    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email')
$$;
GRANT ALL ON auth.users TO supabase_postgres WITH GRANT OPTION;
RESET ROLE;

-- storage: has triggers of its own.
CREATE SCHEMA storage AUTHORIZATION supabase_storage_admin;
GRANT USAGE ON SCHEMA storage TO anon, authenticated, service_role, supabase_postgres;
SET ROLE supabase_storage_admin;
CREATE TABLE storage.buckets (id text PRIMARY KEY, name text NOT NULL UNIQUE, owner uuid, public boolean DEFAULT false);
CREATE TABLE storage.objects (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    bucket_id text REFERENCES storage.buckets (id),
    name text,
    owner uuid,
    updated_at timestamptz DEFAULT now(),
    path_tokens text[] GENERATED ALWAYS AS (string_to_array(name, '/')) STORED
);
CREATE UNIQUE INDEX bucketid_objname ON storage.objects (bucket_id, name);
ALTER TABLE storage.objects ENABLE ROW LEVEL SECURITY;
ALTER TABLE storage.buckets ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION storage.foldername(name text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT (string_to_array(name, '/'))[1:array_length(string_to_array(name, '/'), 1) - 1]
$$;
CREATE FUNCTION storage.update_updated_at_column() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.updated_at = now(); RETURN NEW; END
$$;
CREATE TRIGGER update_objects_updated_at BEFORE UPDATE ON storage.objects FOR EACH ROW EXECUTE FUNCTION storage.update_updated_at_column();
GRANT ALL ON storage.buckets, storage.objects TO anon, authenticated, service_role, supabase_postgres WITH GRANT OPTION;
RESET ROLE;

CREATE SCHEMA realtime AUTHORIZATION supabase_admin;
CREATE TABLE realtime.messages (id bigint GENERATED ALWAYS AS IDENTITY, topic text NOT NULL, payload jsonb);
ALTER TABLE realtime.messages ENABLE ROW LEVEL SECURITY;
CREATE PUBLICATION supabase_realtime;
ALTER PUBLICATION supabase_realtime OWNER TO supabase_postgres;

-- The platform's own event triggers tell the API that the schema has changed.
CREATE FUNCTION extensions.pgrst_ddl_watch() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN NOTIFY pgrst, 'reload schema'; END
$$;
CREATE EVENT TRIGGER pgrst_ddl_watch ON ddl_command_end EXECUTE FUNCTION extensions.pgrst_ddl_watch();

ALTER ROLE authenticator SET pgrst.db_schemas = 'public, graphql_public';
ALTER ROLE authenticator SET statement_timeout = '8s';
ALTER ROLE anon SET statement_timeout = '3s';
SELECT format('ALTER ROLE supabase_postgres IN DATABASE %I SET search_path = ''"$user", public, extensions''', current_database()) \gexec
