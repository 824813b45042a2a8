<?php
/**
 * A receiver of vestnik's posts as one plain PHP page (PHP 7.4 or later, no extensions, no framework).
 *
 * On 1C-Bitrix it lies at /local/vestnik.php and its address is the channel's `url`. The part "The contract" can
 * stay as it is; in the part "The site" each function says which Bitrix call takes the place of its body. As it
 * stands it keeps the news in one JSON file, so that it can be tried without any CMS:
 *
 *     VESTNIK_SECRET=whsec_... PUBLIC_URL=http://127.0.0.1:8091 VESTNIK_DATA=/tmp/news php -S 127.0.0.1:8091 receiver.php
 *
 * VESTNIK_SECRET  the shared secret; two, parted by a blank, while it is being changed
 * PUBLIC_URL      how readers reach the site
 * VESTNIK_DATA    a folder that the web server does not serve
 */

declare(strict_types=1);

const TOLERANCE_SECONDS = 300; // how far a request's time may be from this site's clock

/** A refusal in the contract's form. vestnik shows `message` to an officer. */
final class Refusal extends Exception
{
    /** @var array */
    public $body;

    public function __construct(int $status, string $error, string $message, bool $retryable = false, array $more = [])
    {
        parent::__construct($message, $status);
        $this->body = ['error' => $error, 'message' => $message, 'retryable' => $retryable] + $more;
    }
}

// ------------------------------------------------------------------------------------------------ The contract

/** The request's id, when it was signed with one of our secrets within the last five minutes. */
function verify(string $body): string
{
    $id = $_SERVER['HTTP_WEBHOOK_ID'] ?? '';
    $timestamp = $_SERVER['HTTP_WEBHOOK_TIMESTAMP'] ?? '';
    if ($id === '' || !preg_match('/^[0-9]{1,12}$/D', $timestamp)) {
        throw new Refusal(401, 'bad_signature', 'webhook-id or webhook-timestamp is missing');
    }
    if (abs(time() - (int) $timestamp) > TOLERANCE_SECONDS) {
        throw new Refusal(401, 'bad_signature', "webhook-timestamp is too far from this site's clock");
    }
    $given = explode(' ', $_SERVER['HTTP_WEBHOOK_SIGNATURE'] ?? '');
    foreach (preg_split('/\s+/', trim((string) getenv('VESTNIK_SECRET')), -1, PREG_SPLIT_NO_EMPTY) as $secret) {
        $key = base64_decode(preg_replace('/^whsec_/', '', $secret), true);
        if ($key === false || strlen($key) < 24) {
            continue; // never sign with an empty key
        }
        $expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
        foreach ($given as $signature) {
            if (hash_equals($expected, $signature)) {
                return $id;
            }
        }
    }
    throw new Refusal(401, 'bad_signature', 'no signature matches');
}

/** Status and body for one request. */
function answer(string $body): array
{
    $id = verify($body); // on the raw bytes, before anything is parsed
    $event = json_decode($body, true);
    if (!is_array($event) || !is_string($event['type'] ?? null) || !is_array($event['data'] ?? null)) {
        throw new Refusal(400, 'bad_json', 'the body must be JSON with type and data');
    }
    $data = $event['data'];
    $changes = in_array($event['type'], ['post.publish', 'post.update', 'post.withdraw'], true);
    if ($changes && ($_SERVER['HTTP_IDEMPOTENCY_KEY'] ?? '') !== "\"$id\"") {
        throw new Refusal(400, 'bad_idempotency_key', 'Idempotency-Key must repeat webhook-id, in quotes');
    }
    switch ($event['type']) {
        case 'post.publish':
            return alone(function () use ($data) { return publish($data); });
        case 'post.update':
            return alone(function () use ($data) { return update($data); });
        case 'post.withdraw':
            return alone(function () use ($data) { return withdraw($data); });
        case 'post.lookup':
            return alone(function () use ($data) { return lookup($data); });
        case 'post.list':
            return alone(function () use ($data) { return listed($data); });
        case 'site.status':
            return [200, ['name' => 'Новости города', 'may_publish' => true]];
    }
    throw new Refusal(400, 'unknown_type', "this receiver does not know {$event['type']}");
}

function publish(array $data): array
{
    check_post($data);
    $item = item_by_vestnik_id($data['id']);
    if ($item !== null) {
        // The item itself remembers what came: a repeat gets the same answer for as long as the item stands.
        if ($item['revision'] !== $data['revision'] || $item['fingerprint'] !== $data['fingerprint']) {
            throw new Refusal(422, 'other_content', 'this post stands already: ' . address($item['id']));
        }
        return [200, placed($item)];
    }
    return [201, placed(item_add($data))];
}

function update(array $data): array
{
    check_post($data);
    $item = found(item_by_id((string) ($data['site_id'] ?? '')));
    if ($item['state'] === 'withdrawn') {
        throw new Refusal(422, 'withdrawn', 'the post has been withdrawn');
    }
    if ($data['revision'] < ($item['revision'] ?? 0)) {
        throw new Refusal(422, 'stale_revision', 'a later revision stands already');
    }
    return [200, placed(item_change($item['id'], $data))];
}

function withdraw(array $data): array
{
    $item = found(item_by_id((string) ($data['site_id'] ?? '')));
    item_hide($item['id']);
    return [200, ['id' => $item['id'], 'state' => 'withdrawn']];
}

function lookup(array $data): array
{
    if (isset($data['id'])) {
        return [200, shown(found(item_by_vestnik_id((string) $data['id'])))];
    }
    if (isset($data['site_id'])) {
        return [200, shown(found(item_by_id((string) $data['site_id'])))];
    }
    return [200, shown(found(item_by_url((string) ($data['url'] ?? ''))))];
}

function listed(array $data): array
{
    $since = strtotime((string) ($data['since'] ?? ''));
    if ($since === false) {
        throw new Refusal(400, 'bad_data', 'since must be a time as in RFC 3339');
    }
    return [200, ['posts' => array_map('shown', items_since($since))]];
}

function placed(array $item): array
{
    $time = gmdate('Y-m-d\TH:i:s\Z', $item['published_at']);
    return ['id' => $item['id'], 'url' => address($item['id']), 'published_at' => $time];
}

function shown(array $item): array
{
    // Untouched since vestnik wrote it: give back the text that came with it. Otherwise what stands there now.
    $untouched = checksum($item) === ($item['sent_sum'] ?? null);
    return placed($item) + [
        'found' => true,
        'state' => $item['state'],
        'revision' => $item['revision'],
        'title' => $item['title'],
        'text' => $untouched ? $item['sent_text'] : readable($item['html']),
        'media' => count($item['files']),
    ];
}

function check_post(array $data): void
{
    foreach (['id', 'fingerprint', 'title', 'html', 'text', 'slug'] as $name) {
        if (!is_string($data[$name] ?? null) || $data[$name] === '' && $name !== 'html' && $name !== 'text') {
            throw new Refusal(422, 'bad_data', "$name is missing");
        }
    }
    if (!is_int($data['revision'] ?? null)) {
        throw new Refusal(422, 'bad_data', 'revision is missing');
    }
}

/** The files of a post, each checked against its sum. */
function files_of(array $data): array
{
    $files = [];
    foreach (['images' => true, 'documents' => false] as $place => $picture) {
        foreach ($data[$place] ?? [] as $file) {
            $content = base64_decode((string) ($file['base64'] ?? ''), true);
            if ($content === false || hash('sha256', $content) !== ($file['sha256'] ?? null)) {
                throw new Refusal(422, 'bad_file', 'a file did not arrive whole', true);
            }
            $files[] = [
                'name' => (string) $file['name'], 'mime' => (string) $file['mime'], 'alt' => (string) $file['alt'],
                'sha256' => $file['sha256'], 'picture' => $picture, 'content' => $content,
            ];
        }
    }
    return $files;
}

function found(?array $item): array
{
    if ($item === null) {
        throw new Refusal(404, 'not_found', 'there is no such post', false, ['found' => false]);
    }
    return $item;
}

function readable(string $markup): string
{
    $broken = preg_replace('#<br[^>]*>|</(p|li|h[1-6]|blockquote|pre)>#i', "\n", $markup);
    return trim(html_entity_decode(strip_tags((string) $broken), ENT_QUOTES | ENT_HTML5, 'UTF-8'));
}

function checksum(array $item): string
{
    return hash('sha256', $item['title'] . "\n" . $item['html']);
}

// ---------------------------------------------------------------------------------------------------- The site
//
// On 1C-Bitrix begin with
//     require $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/include/prolog_before.php';
//     \Bitrix\Main\Loader::includeModule('iblock');
// define NO_KEEP_STATISTIC, NOT_CHECK_PERMISSIONS and BX_SECURITY_SESSION_VIRTUAL before that line, and give the
// infoblock properties VESTNIK_REVISION, VESTNIK_FINGERPRINT, VESTNIK_TEXT, VESTNIK_SUM and VESTNIK_FILES (type
// file, multiple). Write no field but those named here, whatever the request holds.

/**
 * Runs one request at a time: nothing in the database keeps two equal requests from making two posts.
 * Bitrix: \Bitrix\Main\Application::getConnection()->lock('vestnik', 20), and unlock('vestnik') in `finally`;
 * when the lock cannot be had, refuse with 409 `in_progress`.
 */
function alone(callable $work): array
{
    $lock = fopen(data_file('lock'), 'c');
    if ($lock === false || !flock($lock, LOCK_EX)) {
        throw new Refusal(503, 'busy', 'the news cannot be locked', true);
    }
    try {
        return $work();
    } finally {
        flock($lock, LOCK_UN);
        fclose($lock);
    }
}

/**
 * Bitrix: CIBlockElement::GetList([], ['IBLOCK_ID' => NEWS, '=XML_ID' => $id], false, false, [...]). Ask without
 * 'ACTIVE' => 'Y': a withdrawn post must be found too.
 */
function item_by_vestnik_id(string $id): ?array
{
    return first(function (array $item) use ($id) { return $item['vestnik_id'] === $id; });
}

/** Bitrix: the same with '=ID' => (int) $id. */
function item_by_id(string $id): ?array
{
    return first(function (array $item) use ($id) { return $item['id'] === $id; });
}

/** Bitrix: cut the element's CODE out of the address and ask with '=CODE'. */
function item_by_url(string $url): ?array
{
    return first(function (array $item) use ($url) { return address($item['id']) === $url; });
}

/** Bitrix: 'ACTIVE' => 'Y', '>=DATE_ACTIVE_FROM' => ConvertTimeStamp($since, 'FULL'), newest first. */
function items_since(int $since): array
{
    $live = array_filter(load(), function (array $item) use ($since) {
        return $item['state'] === 'live' && $item['published_at'] >= $since;
    });
    return array_reverse(array_values($live));
}

/**
 * Bitrix:
 *     $element = new CIBlockElement();
 *     $id = $element->Add([
 *         'IBLOCK_ID' => NEWS, 'IBLOCK_SECTION_ID' => SECTIONS[$data['rubric']] ?? false, 'ACTIVE' => 'Y',
 *         'NAME' => $data['title'], 'CODE' => $data['slug'], 'XML_ID' => $data['id'],
 *         'ACTIVE_FROM' => ConvertTimeStamp(time(), 'FULL'),        // in the site's format and zone, not ISO
 *         'PREVIEW_TEXT' => $data['excerpt'], 'PREVIEW_TEXT_TYPE' => 'text',
 *         'DETAIL_TEXT' => $data['html'], 'DETAIL_TEXT_TYPE' => 'html',
 *         'DETAIL_PICTURE' => $first_picture,                       // ['name', 'size', 'tmp_name', 'type']
 *         'PROPERTY_VALUES' => ['VESTNIK_REVISION' => $data['revision'], ...],
 *     ]);
 *     if ($id === false) throw new Refusal(422, 'not_added', strip_tags($element->LAST_ERROR));
 */
function item_add(array $data): array
{
    $items = load();
    $id = (string) (count($items) === 0 ? 1 : (int) end($items)['id'] + 1);
    $items[] = written(['id' => $id, 'vestnik_id' => $data['id'], 'published_at' => time(), 'state' => 'live'], $data);
    save($items);
    return end($items);
}

/** Bitrix: $element->Update($id, [...]) with the same fields but CODE, XML_ID and ACTIVE_FROM. */
function item_change(string $id, array $data): array
{
    $items = load();
    foreach ($items as $n => $item) {
        if ($item['id'] === $id) {
            $items[$n] = written($item, $data);
            save($items);
            return $items[$n];
        }
    }
    return found(null);
}

/** Bitrix: $element->Update($id, ['ACTIVE' => 'N']). */
function item_hide(string $id): void
{
    $items = load();
    foreach ($items as $n => $item) {
        if ($item['id'] === $id) {
            $items[$n]['state'] = 'withdrawn';
        }
    }
    save($items);
}

/** Bitrix: the element's DETAIL_PAGE_URL, with https:// and the site's host before it. */
function address(string $id): string
{
    return rtrim((string) getenv('PUBLIC_URL'), '/') . "/news/$id";
}

// What follows stands in for the database and for the site's pages; on a CMS it goes.

function written(array $item, array $data): array
{
    $files = [];
    foreach (files_of($data) as $file) {
        file_put_contents(data_file($file['sha256']), $file['content']);
        unset($file['content']);
        $files[] = $file;
    }
    $item = [
        'revision' => $data['revision'], 'fingerprint' => $data['fingerprint'], 'title' => $data['title'],
        'html' => $data['html'], 'sent_text' => $data['text'], 'files' => $files,
    ] + $item;
    $item['sent_sum'] = checksum($item);
    return $item;
}

function first(callable $is_it): ?array
{
    foreach (load() as $item) {
        if ($is_it($item)) {
            return $item;
        }
    }
    return null;
}

function load(): array
{
    $file = data_file('news.json');
    return is_file($file) ? json_decode((string) file_get_contents($file), true) : [];
}

function save(array $items): void
{
    // Written beside and renamed, so that a crash leaves the old or the new, never half.
    $written = file_put_contents(data_file('news.new'), json_encode($items, JSON_UNESCAPED_UNICODE));
    if ($written === false || !rename(data_file('news.new'), data_file('news.json'))) {
        throw new Refusal(503, 'not_saved', 'the news cannot be saved', true);
    }
}

function data_file(string $name): string
{
    $folder = getenv('VESTNIK_DATA') ?: sys_get_temp_dir() . '/vestnik-news';
    if (!is_dir($folder)) {
        mkdir($folder, 0700, true);
    }
    return "$folder/$name";
}

function show_page(string $path): void
{
    $item = preg_match('#^/news/([0-9]+)$#D', $path, $match) ? item_by_id($match[1]) : null;
    if ($item === null || $item['state'] !== 'live') {
        http_response_code(404);
        return;
    }
    $title = htmlspecialchars($item['title']);
    header('Content-Type: text/html; charset=utf-8');
    echo "<!doctype html><html lang=\"ru\"><meta charset=\"utf-8\"><title>$title</title><h1>$title</h1>{$item['html']}";
}

if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
    show_page((string) parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
    return;
}
ini_set('display_errors', '0'); // a warning in front of the JSON would make the answer unreadable
try {
    [$status, $reply] = answer((string) file_get_contents('php://input'));
} catch (Refusal $refusal) {
    [$status, $reply] = [$refusal->getCode(), $refusal->body];
} catch (Throwable $error) {
    error_log((string) $error);
    [$status, $reply] = [500, ['error' => 'failed', 'message' => 'see the error log', 'retryable' => false]];
}
http_response_code($status);
header('Content-Type: application/json; charset=utf-8');
echo json_encode($reply, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
