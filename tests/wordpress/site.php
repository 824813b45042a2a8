<?php
// Makes the test site and its users without a browser.
//   php site.php install
//   php site.php settle pretty|plain PORT CREDENTIALS    prints the new credentials; passwords that still work stay
$_SERVER['HTTP_HOST']       = '127.0.0.1:' . ( $argv[3] ?? '80' );
$_SERVER['REQUEST_URI']     = '/';
$_SERVER['REQUEST_METHOD']  = 'GET';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';

function wp_new_blog_notification() {} // no mail leaves this machine

if ( 'install' === $argv[1] ) {
	define( 'WP_INSTALLING', true );
	require __DIR__ . '/www/wp-load.php';
	require_once ABSPATH . 'wp-admin/includes/upgrade.php';
	if ( ! is_blog_installed() ) {
		wp_install( 'Администрация города', 'administrator', 'administrator@example.test', true, '', wp_generate_password( 32 ) );
	}
	exit;
}

require __DIR__ . '/www/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/taxonomy.php';

list( , , $links, $port, $credentials ) = $argv;

update_option( 'timezone_string', 'Europe/Moscow' );
update_option( 'permalink_structure', 'plain' === $links ? '' : '/%postname%/' );
flush_rewrite_rules( false );
if ( ! wp_get_theme()->exists() ) {
	switch_theme( array_key_first( wp_get_themes() ) );
}
term_exists( 'news', 'category' ) || wp_insert_term( 'Новости', 'category', array( 'slug' => 'news' ) );

$before = is_readable( $credentials ) ? parse_ini_file( $credentials ) : array();
echo "url=http://127.0.0.1:$port\nversion={$GLOBALS['wp_version']}\n";
// `vestnik` publishes, `colleague` works by hand, `reader` may do nothing.
foreach ( array( 'vestnik' => 'author', 'colleague' => 'editor', 'reader' => 'subscriber' ) as $login => $role ) {
	$user = get_user_by( 'login', $login );
	$id   = $user ? $user->ID : wp_create_user( $login, wp_generate_password( 32 ), "$login@example.test" );
	( new WP_User( $id ) )->set_role( $role );
	$password = $before[ "{$login}_password" ] ?? '';
	$valid    = false;
	foreach ( WP_Application_Passwords::get_user_application_passwords( $id ) as $known ) {
		$valid = $valid || ( '' !== $password && ( method_exists( 'WP_Application_Passwords', 'check_password' )
			? WP_Application_Passwords::check_password( $password, $known['password'] )
			: wp_check_password( $password, $known['password'], $id ) ) );
	}
	if ( ! $valid ) {
		list( $password ) = WP_Application_Passwords::create_new_application_password( $id, array( 'name' => 'vestnik' ) );
	}
	echo "{$login}_user=$login\n{$login}_password=$password\n";
}
