<?php
// Front of PHP's built-in server: files as they are, every other path to WordPress.
$path = rawurldecode( (string) parse_url( $_SERVER['REQUEST_URI'], PHP_URL_PATH ) );
$file = realpath( $_SERVER['DOCUMENT_ROOT'] . $path );
if ( $file && is_file( $file ) && str_starts_with( $file, realpath( $_SERVER['DOCUMENT_ROOT'] ) . '/' ) ) {
	return false;
}
$_SERVER['SCRIPT_NAME']     = '/index.php';
$_SERVER['PHP_SELF']        = '/index.php';
$_SERVER['SCRIPT_FILENAME'] = $_SERVER['DOCUMENT_ROOT'] . '/index.php';
unset( $_SERVER['PATH_INFO'] );
require $_SERVER['SCRIPT_FILENAME'];
