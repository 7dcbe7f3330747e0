CREATE INDEX i ON later (a);
CREATE TABLE later (a);
