<!doctype html>
<html <?php language_attributes(); ?>>
<head>
<meta charset="<?php bloginfo('charset'); ?>">
<title><?php bloginfo('name'); ?></title>
<?php wp_head(); ?>
</head>
<body>
<h1><?php bloginfo('name'); ?></h1>
<?php while (have_posts()) : the_post(); ?>
<article>
<h2><a href="<?php the_permalink(); ?>"><?php the_title(); ?></a></h2>
<?php the_content(); ?>
<?php foreach (get_comments(['post_id' => get_the_ID(), 'status' => 'approve', 'order' => 'ASC']) as $comment) : ?>
<div id="comment-<?php echo (int) $comment->comment_ID; ?>">
<b><?php echo esc_html($comment->comment_author); ?></b>
<?php echo wpautop(wp_kses_post($comment->comment_content)); ?>
</div>
<?php endforeach; ?>
</article>
<?php endwhile; ?>
<?php wp_footer(); ?>
</body>
</html>
