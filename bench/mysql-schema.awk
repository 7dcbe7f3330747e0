# SPDX-License-Identifier: MIT
# A schema for MariaDB and MySQL: -v tables=N tables of eight columns with keys, checks and foreign keys, every tenth with a view, a trigger,
# a function and a procedure.
BEGIN {
    print "SET foreign_key_checks = 0;"
    for (i = 1; i <= tables; i++) {
        printf "CREATE TABLE table_%d (id bigint unsigned NOT NULL AUTO_INCREMENT, parent bigint unsigned, name varchar(120) NOT NULL DEFAULT 'x', ", i
        printf "amount decimal(12,2) CHECK (amount > 0), kind enum('a','b','c') NOT NULL DEFAULT 'a', made timestamp NULL DEFAULT CURRENT_TIMESTAMP, "
        printf "notes text COMMENT 'what else', total decimal(14,2) AS (amount * 2) STORED, PRIMARY KEY (id), UNIQUE KEY name (name), KEY made (made, kind)"
        if (i > 1)
            printf ", CONSTRAINT parent_%d FOREIGN KEY (parent) REFERENCES table_%d (id) ON DELETE CASCADE", i, i - 1
        printf ") ENGINE=InnoDB COMMENT='table %d';\n", i
        if (i % 10)
            continue
        printf "CREATE VIEW view_%d AS SELECT id, name, amount FROM table_%d WHERE amount > 10;\n", i, i
        printf "CREATE TRIGGER trigger_%d BEFORE INSERT ON table_%d FOR EACH ROW SET NEW.name = TRIM(NEW.name);\n", i, i
        printf "CREATE FUNCTION function_%d(a int) RETURNS int DETERMINISTIC RETURN a + %d;\n", i, i
        printf "CREATE PROCEDURE procedure_%d() SELECT COUNT(*) FROM table_%d;\n", i, i
    }
}
