CREATE TABLE slow (n integer);
SELECT pg_sleep(600);
