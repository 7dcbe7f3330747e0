-- What PostgreSQL 15 brought, for the schema of postgres.sql.
CREATE TABLE ticket (
  id integer PRIMARY KEY,
  seat text,
  customer integer REFERENCES customer (id) ON DELETE SET NULL (customer),
  CONSTRAINT one_seat UNIQUE NULLS NOT DISTINCT (seat) INCLUDE (customer)
);
CREATE VIEW my_tickets WITH (security_invoker = true) AS SELECT id, seat FROM ticket;
