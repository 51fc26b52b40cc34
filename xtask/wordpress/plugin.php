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

// A crowd of comments at once, for whoever tests paging: POST /wp-json/bedside-tests/v1/crowd?post=&count=&mark=.
add_action('rest_api_init', function () {
    register_rest_route('bedside-tests/v1', '/crowd', [
        'methods' => 'POST',
        'permission_callback' => fn () => current_user_can('moderate_comments'),
        'callback' => function (WP_REST_Request $request) {
            for ($number = 0; $number < (int) $request['count']; $number++) {
                wp_insert_comment([
                    'comment_post_ID' => (int) $request['post'],
                    'comment_author' => "Visitor $number",
                    'comment_content' => "{$request['mark']} $number",
                    'comment_approved' => 1,
                ]);
            }
            return ['written' => $number];
        },
    ]);
});
