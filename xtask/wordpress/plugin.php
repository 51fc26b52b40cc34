<?php
// Plugin Name: Bedside tests
// Description: Lets tests write quickly, sends no mail, and hides no mistake of the program under test.

add_filter('pre_wp_mail', '__return_false');

// Tests write many comments in one second, from one address.
add_filter('wp_is_comment_flood', '__return_false', 99);
add_action('init', function () {
    remove_all_actions('check_comment_flood');
});

// WordPress would refuse a second comment with the same words. Here it must not: a reply that is sent twice has to
// appear twice, so that a test sees it.
add_filter('duplicate_comment_id', '__return_false');
