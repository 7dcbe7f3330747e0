-- SPDX-License-Identifier: MIT
-- What a blog of many years looks like: made under old defaults, with zero dates, key prefixes for old limits, tables of three engines and
-- character sets, and what its plugins have added.
SET NAMES utf8mb4;
SET SESSION sql_mode = '';
CREATE TABLE wp_posts (
  ID bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  post_author bigint(20) unsigned NOT NULL DEFAULT 0,
  post_date datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
  post_content longtext NOT NULL,
  post_title text COLLATE utf8mb4_unicode_520_ci NOT NULL,
  post_status varchar(20) NOT NULL DEFAULT 'publish',
  post_name varchar(200) NOT NULL DEFAULT '',
  post_parent bigint(20) unsigned NOT NULL DEFAULT 0,
  menu_order int(11) NOT NULL DEFAULT 0,
  PRIMARY KEY (ID),
  KEY post_name (post_name(191)),
  KEY status_date (post_status, post_date, ID),
  KEY post_author (post_author)
) ENGINE=InnoDB AUTO_INCREMENT=4711 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE wp_postmeta (
  meta_id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  post_id bigint(20) unsigned NOT NULL DEFAULT 0,
  meta_key varchar(255) DEFAULT NULL,
  meta_value longtext,
  PRIMARY KEY (meta_id),
  KEY post_id (post_id),
  KEY meta_key (meta_key(191))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE wp_options (
  option_id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  option_name varchar(191) NOT NULL DEFAULT '',
  option_value longtext NOT NULL,
  autoload varchar(20) NOT NULL DEFAULT 'yes',
  PRIMARY KEY (option_id),
  UNIQUE KEY option_name (option_name),
  KEY autoload (autoload)
) ENGINE=MyISAM DEFAULT CHARSET=utf8mb3;
CREATE TABLE wp_users (
  ID bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  user_login varchar(60) NOT NULL DEFAULT '',
  user_pass varchar(255) NOT NULL DEFAULT '',
  user_email varchar(100) NOT NULL DEFAULT '',
  user_registered datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
  PRIMARY KEY (ID),
  KEY user_login_key (user_login)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;
CREATE TABLE wp_term_relationships (
  object_id bigint(20) unsigned NOT NULL DEFAULT 0,
  term_taxonomy_id bigint(20) unsigned NOT NULL DEFAULT 0,
  term_order int(11) NOT NULL DEFAULT 0,
  PRIMARY KEY (object_id, term_taxonomy_id),
  KEY term_taxonomy_id (term_taxonomy_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE wp_plugin_cache (name varchar(64) NOT NULL, hits int unsigned NOT NULL DEFAULT 0, PRIMARY KEY (name)) ENGINE=MEMORY;
CREATE TABLE wp_plugin_search (
  post_id bigint(20) unsigned NOT NULL,
  words text,
  PRIMARY KEY (post_id),
  FULLTEXT KEY words (words)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC COMMENT='made by a plugin; do not edit';
CREATE VIEW wp_published AS SELECT p.ID, p.post_title, u.user_login FROM wp_posts p LEFT JOIN wp_users u ON u.ID = p.post_author WHERE p.post_status = 'publish';
CREATE TRIGGER wp_plugin_hit AFTER INSERT ON wp_postmeta FOR EACH ROW UPDATE wp_posts SET menu_order = menu_order + 1 WHERE ID = NEW.post_id;
CREATE PROCEDURE wp_clean(days int) DELETE FROM wp_plugin_cache WHERE hits < days;
CREATE EVENT wp_nightly ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 03:00:00' DISABLE DO CALL wp_clean(3);
INSERT INTO wp_users VALUES (1, 'admin', 'x', 'admin@example.org', '2010-05-05 05:05:05'), (2, 'zoë', 'x', '', '0000-00-00 00:00:00');
INSERT INTO wp_posts (ID, post_author, post_date, post_content, post_title, post_name) VALUES
  (1, 1, '2010-05-05 05:05:05', 'Hello world 🐘 "quoted" \\ it''s', 'Hello', 'hello'), (7, 2, '0000-00-00 00:00:00', '', '', '');
INSERT INTO wp_postmeta VALUES (1, 1, '_edit_lock', '1:1'), (2, 7, NULL, NULL);
INSERT INTO wp_options VALUES (1, 'siteurl', 'https://example.org', 'yes'), (2, 'cron', 'a:1:{i:0;s:1:"x";}', 'no');
INSERT INTO wp_plugin_search VALUES (1, 'hello world');
