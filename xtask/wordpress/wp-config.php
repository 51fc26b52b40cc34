<?php
// The configuration of the throw-away WordPress of the tests. What differs between two runs comes from the
// environment, so that several blogs can share these files.
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:' . getenv('BEDSIDE_WP_SOCKET'));
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
$table_prefix = 'wp_';

// "local" is what allows application passwords over plain HTTP.
define('WP_ENVIRONMENT_TYPE', 'local');
define('WP_HOME', getenv('BEDSIDE_WP_URL'));
define('WP_SITEURL', getenv('BEDSIDE_WP_URL'));
define('WP_CONTENT_DIR', getenv('BEDSIDE_WP_CONTENT'));
define('WP_CONTENT_URL', getenv('BEDSIDE_WP_URL') . '/wp-content');
define('WP_DEFAULT_THEME', 'plain');

// It talks to nobody, changes nothing by itself, and does nothing behind the back of a test.
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('DISABLE_WP_CRON', true);
define('DISALLOW_FILE_MODS', true);
define('WP_DEBUG', false);

foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $purpose) {
    define($purpose . '_KEY', 'a test blog needs no secret ' . $purpose);
    define($purpose . '_SALT', 'nor any salt ' . $purpose);
}

if (!defined('ABSPATH')) {
    define('ABSPATH', __DIR__ . '/');
}
require_once ABSPATH . 'wp-settings.php';
