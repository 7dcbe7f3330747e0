-- What PostgreSQL 18 brought, for the schema of postgres.sql.
CREATE TABLE booking (
  room int4range NOT NULL,
  during daterange NOT NULL,
  nights integer GENERATED ALWAYS AS (upper(during) - lower(during)) VIRTUAL,
  guest text CONSTRAINT guest_known NOT NULL,
  CONSTRAINT short CHECK (guest <> '') NOT ENFORCED,
  CONSTRAINT booking_key PRIMARY KEY (room, during WITHOUT OVERLAPS)
);
INSERT INTO booking (room, during, guest) VALUES ('[1,2)', '[2026-01-01,2026-01-04)', 'Ann');
