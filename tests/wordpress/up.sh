#!/usr/bin/env bash
# Brings up a real WordPress on loopback for the tests, from Debian's own packages.
#
#   tests/wordpress/up.sh          starts what does not run yet, prints the path of the credentials file
#   tests/wordpress/up.sh stop     stops it; posts and passwords stay
#   tests/wordpress/up.sh remove   stops it and deletes its folder
#
# The tests find the site so:  export VESTNIK_WORDPRESS="$(tests/wordpress/up.sh)"
#
#   VESTNIK_WORDPRESS_DIR    where everything lies                  /var/tmp/vestnik-wordpress
#   VESTNIK_WORDPRESS_PORT   port on 127.0.0.1                      8931
#   VESTNIK_WORDPRESS_LINKS  permalinks: pretty or plain            pretty
#
# Two processes run: MariaDB on a unix socket and PHP's built-in server. Root is needed only to install packages;
# as root both run as www-data. Nothing is changed under /etc and nothing starts at boot.
set -euo pipefail

state=${VESTNIK_WORDPRESS_DIR:-/var/tmp/vestnik-wordpress}
port=${VESTNIK_WORDPRESS_PORT:-8931}
links=${VESTNIK_WORDPRESS_LINKS:-pretty}
packages=(wordpress wordpress-theme-twentytwentythree php-cli php-mysql php-gd php-xml php-mbstring
  mariadb-server-core mariadb-client-core
  # Stands in for the web server that the package wordpress asks for; without inetd it never runs.
  micro-httpd)
export PATH=$PATH:/usr/sbin:/sbin

fail() { echo "wordpress: $*" >&2; exit 1; }

# Whether the process we started under this name still runs; a recycled process id does not count.
running() {
  [ -s "$state/$1.pid" ] && tr '\0' ' ' <"/proc/$(<"$state/$1.pid")/cmdline" 2>/dev/null | grep -qF -- "$state"
}

start() { # start NAME COMMAND...
  local name=$1
  shift
  setsid "$@" </dev/null >>"$state/$name.log" 2>&1 &
  echo $! >"$state/$name.pid"
}

stop() { # stop NAME
  running "$1" || { rm -f "$state/$1.pid"; return 0; }
  local pid
  pid=$(<"$state/$1.pid")
  kill -TERM -- "-$pid"
  for _ in {1..200}; do
    kill -0 -- "-$pid" 2>/dev/null || { rm -f "$state/$1.pid"; return 0; }
    sleep 0.1
  done
  fail "process $pid ($1) does not end"
}

until_true() { # until_true WHAT COMMAND...
  local what=$1
  shift
  for _ in {1..300}; do
    "$@" >/dev/null 2>&1 && return 0
    sleep 0.1
  done
  fail "$what does not answer; see the logs in $state"
}

install_packages() {
  [ -e /usr/share/wordpress/wp-load.php ] && command -v php mariadbd >/dev/null && return 0
  [ "$(id -u)" = 0 ] || fail "run this once as root, it installs: ${packages[*]}"
  echo "wordpress: installing packages" >&2
  export DEBIAN_FRONTEND=noninteractive
  {
    apt-get -q -o DPkg::Lock::Timeout=600 update
    apt-get -q -o DPkg::Lock::Timeout=600 install -y --no-install-recommends "${packages[@]}"
  } >"$state/apt.log" 2>&1 || fail "apt-get failed, see $state/apt.log"
}

copy_site() {
  local here
  here=$(cd "$(dirname "$0")" && pwd)
  install -m 644 "$here/router.php" "$here/site.php" "$state/"
  if [ ! -e "$state/www/complete" ]; then
    rm -rf "$state/www"
    # Debian links to libraries of other packages; what is not installed is not needed by the REST interface.
    cp -rL /usr/share/wordpress "$state/www" 2>"$state/copy.log" || true
    cp -rL /var/lib/wordpress/wp-content/themes "$state/www/wp-content/" 2>>"$state/copy.log" || true
    mkdir -p "$state/www/wp-content/uploads"
    touch "$state/www/complete"
  fi
  cat >"$state/www/wp-config.php" <<PHP
<?php
// The database's socket lies in a folder closed to other users, so its root needs no password.
define( 'DB_HOST', 'localhost:$state/db/socket' );
define( 'DB_NAME', 'wordpress' );
define( 'DB_USER', 'root' );
define( 'DB_PASSWORD', '' );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );
// The site answers under whatever loopback address it is asked by: tests put a proxy with faults in front.
define( 'WP_HOME', 'http://' . ( \$_SERVER['HTTP_HOST'] ?? '127.0.0.1:$port' ) );
define( 'WP_SITEURL', WP_HOME );
// Application passwords without HTTPS are for local sites only.
define( 'WP_ENVIRONMENT_TYPE', 'local' );
define( 'WP_HTTP_BLOCK_EXTERNAL', true );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
define( 'DISALLOW_FILE_MODS', true );
define( 'DISABLE_WP_CRON', true );
\$table_prefix = 'wp_';
defined( 'ABSPATH' ) || define( 'ABSPATH', __DIR__ . '/' );
require_once ABSPATH . 'wp-settings.php';
PHP
}

database() {
  if [ ! -d "$state/db/mysql" ]; then
    mkdir -p -m 700 "$state/db"
    mariadb-install-db --no-defaults --datadir="$state/db" --skip-test-db \
      --auth-root-authentication-method=normal >"$state/db-install.log" 2>&1 || fail "see $state/db-install.log"
  fi
  running db || start db mariadbd --no-defaults --datadir="$state/db" --socket="$state/db/socket" \
    --pid-file="$state/db/mariadbd.pid" --skip-networking --innodb-buffer-pool-size=32M --innodb-flush-log-at-trx-commit=2
  until_true "the database" mariadb --no-defaults --socket="$state/db/socket" -uroot \
    -e 'create database if not exists wordpress character set utf8mb4'
}

web() {
  running web || start web env PHP_CLI_SERVER_WORKERS=4 php -d upload_max_filesize=32M -d post_max_size=40M \
    -d memory_limit=256M -d display_errors=0 -S "127.0.0.1:$port" -t "$state/www" "$state/router.php"
  until_true "the site" php -r "exit( false === @file_get_contents( 'http://127.0.0.1:$port/?rest_route=/&_fields=name' ) ? 1 : 0 );"
}

# As root everything below runs as www-data; the script is handed over as text, because that user may not be
# able to read the checkout.
as_service_user() {
  [ "$(id -u)" = 0 ] || return 0
  chown -R www-data:www-data "$state"
  exec setpriv --reuid=www-data --regid=www-data --clear-groups -- env VESTNIK_WORDPRESS_STAGE=service \
    bash -c "$(<"$0")" "$0" "$@"
}

case ${1:-up} in
  up)
    if [ "${VESTNIK_WORDPRESS_STAGE:-}" != service ]; then
      mkdir -p "$state"
      chmod 711 "$state"
      install_packages
      copy_site
      as_service_user up
    fi
    cd "$state"
    database
    php site.php install >&2
    (umask 077 && php site.php settle "$links" "$port" "$state/credentials" >"$state/credentials.new")
    mv "$state/credentials.new" "$state/credentials"
    web
    echo "$state/credentials"
    ;;
  stop)
    stop web
    stop db
    ;;
  remove)
    stop web
    stop db
    [ -e "$state/site.php" ] || fail "$state was not made by this script and is not deleted"
    rm -rf -- "$state"
    ;;
  *) fail "say up, stop or remove" ;;
esac
