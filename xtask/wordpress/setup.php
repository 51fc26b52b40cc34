<?php
// Installs the blog into an empty database: php setup.php <directory of WordPress> <file for the passwords>.
[, $code, $access] = $argv;
$_SERVER['HTTP_HOST'] = '127.0.0.1';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';

$server = new mysqli('localhost', 'root', '', '', 0, getenv('BEDSIDE_WP_SOCKET'));
$server->query('create database wordpress character set utf8mb4');
$server->close();

define('WP_INSTALLING', true);
require "$code/wp-load.php";
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
add_filter('pre_wp_mail', '__return_false');

$installed = wp_install('Willow Street Clinic', 'root', 'root@example.org', true, '', 'a password for tests');
wp_set_current_user($installed['user_id']);

$options = [
    'permalink_structure' => '/%postname%/',
    // Not UTC, so that a test notices whoever takes the blog's own time for UTC; and an offset rather than a zone, for a
    // bare machine has no zones.
    'timezone_string' => '',
    'gmt_offset' => -6,
    // A visitor's comment stands at once: nobody has to approve it.
    'comment_moderation' => 0,
    'comment_previously_approved' => 0,
    'comment_max_links' => 0,
    'comment_registration' => 0,
    'require_name_email' => 1,
    'close_comments_for_old_posts' => 0,
    'thread_comments' => 1,
    'thread_comments_depth' => 5,
    'default_comment_status' => 'open',
    'default_ping_status' => 'closed',
    'default_pingback_flag' => 0,
    'comments_notify' => 0,
    'moderation_notify' => 0,
    'moderation_keys' => '',
    'disallowed_keys' => '',
    'show_avatars' => 0,
    'template' => 'plain',
    'stylesheet' => 'plain',
];
foreach ($options as $name => $value) {
    update_option($name, $value);
}

// WordPress' own sample page, post and comment would be noise in an inbox.
foreach (get_comments(['fields' => 'ids']) as $id) {
    wp_delete_comment($id, true);
}
foreach (get_posts(['post_type' => ['post', 'page'], 'post_status' => 'any', 'numberposts' => -1]) as $post) {
    wp_delete_post($post->ID, true);
}

function person(string $login, string $role, string $name): array
{
    $password = wp_generate_password(24, false);
    $id = wp_insert_user([
        'user_login' => $login,
        'user_pass' => $password,
        'user_email' => "$login@example.org",
        'display_name' => $name,
        'role' => $role,
    ]);
    if (is_wp_error($id)) {
        exit($id->get_error_message());
    }
    [$application_password] = WP_Application_Passwords::create_new_application_password($id, ['name' => 'tests']);
    return ['id' => $id, 'password' => $password, 'application_password' => $application_password];
}

$bedside = person('bedside', 'editor', 'Willow Street Clinic');
$dana = person('dana', 'editor', 'Dana Whitfield');
$pat = person('pat', 'subscriber', 'Pat Example');

$post = wp_insert_post([
    'post_author' => $bedside['id'],
    'post_status' => 'publish',
    'post_title' => 'Our new opening hours',
    'post_name' => 'opening-hours',
    'post_content' => '<p>From Monday on we are open from 7 to 19. Tell us how that suits you.</p>',
    'comment_status' => 'open',
], true);
if (is_wp_error($post)) {
    exit($post->get_error_message());
}
flush_rewrite_rules(false);

file_put_contents($access, json_encode([
    'url' => '',
    'admin_user' => 'bedside',
    'app_password' => $bedside['application_password'],
    'visitor_user' => 'pat',
    'visitor_password' => $pat['password'],
    'visitor_app_password' => $pat['application_password'],
    'second_user' => 'dana',
    'second_app_password' => $dana['application_password'],
    'post_id' => $post,
], JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES));
echo "installed\n";
