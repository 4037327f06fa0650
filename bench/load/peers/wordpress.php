<?php
// Installs WordPress and puts the reports in, as an import plugin would. php wordpress.php ROOT REPORTS
[, $root, $reports] = $argv;
$_SERVER['HTTP_HOST'] = 'news.example';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
define('WP_INSTALLING', true);
require "$root/wp-load.php";
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('The bench', 'admin', 'admin@news.example', true, '', bin2hex(random_bytes(8)));
wp_installing(false);
foreach ([1, 2, 3] as $sample) {
    wp_delete_post($sample, true);
}
wp_delete_comment(1, true);
switch_theme('twentytwentyone');
update_option('default_ping_status', 'closed');
// As many as our front page names, in place of ten.
update_option('posts_per_page', 60);
update_option('default_comment_status', 'closed');
kses_remove_filters();
wp_defer_term_counting(true);
wp_suspend_cache_invalidation(true);
$sections = [];
foreach (new SplFileObject($reports) as $line) {
    if (!$report = json_decode($line, true)) {
        continue;
    }
    $section = $report['section'];
    $sections[$section] ??= wp_create_category($section);
    $body = array_map(fn($part) => "<!-- wp:paragraph -->\n<p>$part</p>\n<!-- /wp:paragraph -->", $report['body']);
    $made = wp_insert_post([
        'post_title' => $report['title'], 'post_name' => $report['slug'], 'post_excerpt' => $report['standfirst'],
        'post_content' => implode("\n\n", $body), 'post_status' => 'publish', 'post_author' => 1,
        'post_date' => $report['at'], 'post_date_gmt' => $report['at'],
        'post_category' => [$sections[$section]], 'tags_input' => [$report['source']],
    ], true);
    if (is_wp_error($made)) {
        fwrite(STDERR, $made->get_error_message());
        exit(1);
    }
}
wp_suspend_cache_invalidation(false);
wp_defer_term_counting(false);
// Last: rules for addresses are made of what is there.
global $wp_rewrite;
$wp_rewrite->set_permalink_structure('/%postname%/');
flush_rewrite_rules(false);
echo $wp_version, ' ', wp_count_posts()->publish;
