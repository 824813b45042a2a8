//! Who gets where. A new address is one more row here, or a line under [`OPEN`] with the reason.

/// An address with what becomes of everyone who asks for it.
pub struct Row {
    /// Method and path, as they are routed.
    pub route: &'static str,
    /// The path that is tried. `{post}` and `{draft}` are of the own organisation, fresh for every row; `{person}` is an
    /// officer of it, `{file}` a picture of it.
    pub path: &'static str,
    /// Fields of the form, or of the JSON object.
    pub form: &'static [(&'static str, &'static str)],
    /// One letter a column: `D` the door, `F` forbidden, `N` nothing there for them, `n` nothing there for anyone,
    /// `+` let in. What is forbidden, and what is only not there for them, stands in the journal.
    pub may: &'static str,
}

const fn row(
    route: &'static str,
    path: &'static str,
    form: &'static [(&'static str, &'static str)],
    may: &'static str,
) -> Row {
    Row { route, path, form, may }
}

/// What everyone may ask for, and why.
pub const OPEN: &[(&str, &str)] = &[
    ("GET /", "leads to the first page"),
    ("GET /sign-in", "the door"),
    ("POST /sign-in", "asks for a password; account.rs"),
    ("POST /sign-out", "ends the own session alone; door.rs"),
    ("POST /language", "changes the own language alone; account.rs"),
    ("GET /welcome/{secret}", "asks for the secret; people.rs"),
    ("POST /welcome/{secret}", "asks for the secret; people.rs"),
    ("GET /assets/{name}", "style and scripts"),
    ("GET /healthz", "for watchdogs; says nothing of any post"),
    ("GET /readyz", "for watchdogs; says nothing of any post"),
    ("GET /metrics", "on a port of its own; watching.rs"),
    ("GET /api/v1", "describes, holds nothing"),
    ("GET /api/v1/openapi.json", "describes, holds nothing"),
    ("ANY /api/v1/{*call}", "whatever is no call: not found"),
];

const REASON: &[(&str, &str)] = &[("reason", "проверка прав")];
const COPY: &[(&str, &str)] = &[("kind_of_copy", "csv"), ("organisation", "gorod")];
const MOVE: &[(&str, &str)] = &[("at", "2026-11-24 10:00"), ("version", "1")];
const DRAFT: &[(&str, &str)] = &[("organisation", "gorod"), ("version", "1"), ("title", "Новость"), ("body", "Текст.")];
const DECISION: &[(&str, &str)] = &[("version", "1"), ("text", "Проверка прав.")];
const NONE: &[(&str, &str)] = &[];

/// The columns: nobody; officer, editor, auditor, administrator of the organisation; all roles in another one;
/// auditor of all, administrator of all.
pub const ROWS: &[Row] = &[
    row("GET /account", "/account", NONE, "D ++++ + ++"),
    row(
        "POST /account/password",
        "/account/password",
        &[("current", "x"), ("password", "x"), ("again", "y")],
        "D ++++ + ++",
    ),
    row("POST /account/sessions/end", "/account/sessions/end", &[("session", "none")], "D ++++ + ++"),
    row("POST /account/tokens", "/account/tokens", &[("label", ""), ("role", "auditor"), ("days", "1")], "D ++++ + ++"),
    // Nobody has a token of this id.
    row(
        "POST /account/tokens/revoke",
        "/account/tokens/revoke",
        &[("token", "01a201cd-3b77-73c6-870d-7076d8bdcc9c")],
        "D nnnn n nn",
    ),
    row("GET /people", "/people", NONE, "D FFF+ + F+"),
    row("GET /people/new", "/people/new", NONE, "D FFF+ + F+"),
    row("POST /people", "/people", &[("login", ""), ("name", "")], "D FFF+ + F+"),
    row("GET /people/{person}", "/people/{person}", NONE, "D FFF+ N F+"),
    row("POST /people/{person}/rights", "/people/{person}/rights", &[("right", "officer@gorod")], "D FFF+ N F+"),
    row("POST /people/{person}/sessions/end", "/people/{person}/sessions/end", NONE, "D FFF+ N F+"),
    // Nobody has a token of this id.
    row(
        "POST /people/{person}/tokens/revoke",
        "/people/{person}/tokens/revoke",
        &[("token", "01a201cd-3b77-73c6-870d-7076d8bdcc9c")],
        "D FFFn N Fn",
    ),
    row("POST /people/{person}/reset", "/people/{person}/reset", NONE, "D FFF+ N F+"),
    row("POST /people/{person}/disable", "/people/{person}/disable", NONE, "D FFF+ N F+"),
    row("POST /people/{person}/enable", "/people/{person}/enable", NONE, "D FFF+ N F+"),
    row("GET /today", "/today", NONE, "D ++++ + ++"),
    row("GET /live", "/live", NONE, "D ++++ + ++"),
    row("GET /journal", "/journal", NONE, "D ++++ + ++"),
    row("GET /journal/{chain}/{seq}", "/journal/gorod/1", NONE, "D ++++ N ++"),
    row("GET /journal/{chain}/{seq}", "/journal/installation/1", NONE, "D NNNN N ++"),
    row("GET /journal", "/journal?organisation=gorod", NONE, "D ++++ N ++"),
    row("POST /journal/export", "/journal/export", COPY, "D ++++ N ++"),
    row("GET /journal/{chain}/check", "/journal/gorod/check", NONE, "D ++++ N ++"),
    row("POST /journal/{chain}/check", "/journal/gorod/check", NONE, "D ++++ N ++"),
    row("POST /journal/{chain}/check/stop", "/journal/gorod/check/stop", NONE, "D ++++ N ++"),
    row("GET /journal/{chain}/check", "/journal/installation/check", NONE, "D NNNN N ++"),
    row("GET /rule", "/rule?organisation=gorod", NONE, "D ++++ N ++"),
    row("POST /rule/export", "/rule/export", COPY, "D ++++ N ++"),
    // Nobody has this file.
    row(
        "GET /files/{sha256}",
        "/files/0000000000000000000000000000000000000000000000000000000000000000",
        NONE,
        "D nnnn n nn",
    ),
    row(
        "GET /files/{sha256}/small",
        "/files/0000000000000000000000000000000000000000000000000000000000000000/small",
        NONE,
        "D nnnn n nn",
    ),
    row("GET /posts", "/posts", NONE, "D ++++ + ++"),
    row("GET /posts", "/posts?organisation=gorod", NONE, "D ++++ N ++"),
    row("GET /posts/{id}", "/posts/{post}", NONE, "D ++++ N ++"),
    row("GET /posts/{id}", "/posts/01a201cd-3b77-73c6-870d-7076d8bdcc9c", NONE, "D nnnn n nn"),
    row("POST /posts/{id}/cancel", "/posts/{post}/cancel", REASON, "D ++FF N FF"),
    row("POST /posts/{id}/withdraw", "/posts/{post}/withdraw", REASON, "D ++FF N FF"),
    row("POST /posts/{id}/republish", "/posts/{post}/republish", NONE, "D ++FF N FF"),
    row("GET /posts/{id}/channels/{channel}/look", "/posts/{post}/channels/gorod-vk/look", NONE, "D ++FF N FF"),
    row(
        "POST /posts/{id}/channels/{channel}/published",
        "/posts/{post}/channels/gorod-vk/published",
        &[("url", "https://vk.com/wall-1_1")],
        "D ++FF N FF",
    ),
    row(
        "POST /posts/{id}/channels/{channel}/not-published",
        "/posts/{post}/channels/gorod-vk/not-published",
        NONE,
        "D ++FF N FF",
    ),
    row("POST /posts/{id}/channels/{channel}/again", "/posts/{post}/channels/gorod-vk/again", NONE, "D ++FF N FF"),
    row("GET /channels", "/channels", NONE, "D ++++ + ++"),
    row("POST /channels/{slug}/pause", "/channels/gorod-vk/pause", REASON, "D F+F+ N F+"),
    row("POST /channels/{slug}/resume", "/channels/gorod-vk/resume", NONE, "D F+F+ N F+"),
    row("POST /channels/{slug}/check", "/channels/gorod-vk/check", NONE, "D F+F+ N F+"),
    row("GET /api/v1/posts", "/api/v1/posts?organisation=gorod", NONE, "D ++++ N ++"),
    row(
        "POST /api/v1/posts",
        "/api/v1/posts",
        &[("organisation", "gorod"), ("title", "Новость"), ("body", "Текст.")],
        "D ++FF N FF",
    ),
    row("GET /api/v1/posts/{id}", "/api/v1/posts/{post}", NONE, "D ++++ N ++"),
    row(
        "PUT /api/v1/posts/{id}",
        "/api/v1/posts/{post}",
        &[("title", "Новость"), ("body", "Другой текст.")],
        "D ++FF N FF",
    ),
    row("POST /api/v1/posts/{id}/cancel", "/api/v1/posts/{post}/cancel", REASON, "D ++FF N FF"),
    row("POST /api/v1/posts/{id}/withdraw", "/api/v1/posts/{post}/withdraw", REASON, "D ++FF N FF"),
    row("POST /api/v1/posts/{id}/republish", "/api/v1/posts/{post}/republish", NONE, "D ++FF N FF"),
    row("POST /api/v1/posts/{id}/move", "/api/v1/posts/{post}/move", &[("at", "2026-11-24T06:00:00Z")], "D ++FF N FF"),
    row("GET /api/v1/posts/{id}/deliveries", "/api/v1/posts/{post}/deliveries", NONE, "D ++++ N ++"),
    row(
        "POST /api/v1/posts/{id}/deliveries/{channel}/resolve",
        "/api/v1/posts/{post}/deliveries/gorod-vk/resolve",
        NONE,
        "D ++FF N FF",
    ),
    row(
        "POST /api/v1/posts/{id}/deliveries/{channel}/again",
        "/api/v1/posts/{post}/deliveries/gorod-vk/again",
        NONE,
        "D ++FF N FF",
    ),
    row("GET /api/v1/channels", "/api/v1/channels?organisation=gorod", NONE, "D ++++ N ++"),
    row("POST /api/v1/channels/{slug}/pause", "/api/v1/channels/gorod-vk/pause", REASON, "D F+F+ N F+"),
    row("POST /api/v1/channels/{slug}/resume", "/api/v1/channels/gorod-vk/resume", NONE, "D F+F+ N F+"),
    row("POST /api/v1/channels/{slug}/check", "/api/v1/channels/gorod-vk/check", NONE, "D F+F+ N F+"),
    row("GET /api/v1/history", "/api/v1/history?organisation=gorod", NONE, "D ++++ N ++"),
    row("GET /api/v1/history", "/api/v1/history?organisation=installation", NONE, "D NNNN N ++"),
    row("GET /api/v1/weeks", "/api/v1/weeks?organisation=gorod", NONE, "D ++++ N ++"),
    row("GET /calendar", "/calendar", NONE, "D ++++ + ++"),
    row("GET /calendar", "/calendar?organisation=gorod", NONE, "D ++++ N ++"),
    row(
        "GET /calendar/events",
        "/calendar/events?organisation=gorod&start=2026-11-23&end=2026-11-30",
        NONE,
        "D ++++ N ++",
    ),
    row("GET /weeks", "/weeks?organisation=gorod", NONE, "D ++++ N ++"),
    row("GET /posts/{id}/move", "/posts/{post}/move", NONE, "D ++FF N FF"),
    row("POST /posts/{id}/move", "/posts/{post}/move", MOVE, "D ++FF N FF"),
    row("POST /drafts/{id}/move", "/drafts/{draft}/move", MOVE, "D ++FF N FF"),
    row("POST /preview", "/preview", DRAFT, "D ++++ N ++"),
    // With a picture for the own organisation.
    row("POST /files", "/files", NONE, "D ++FF N FF"),
    row("GET /files/{sha256}", "/files/{file}", NONE, "D ++++ N ++"),
    row("GET /files/{sha256}/small", "/files/{file}/small", NONE, "D ++++ N ++"),
    row("GET /drafts", "/drafts", NONE, "D ++++ + ++"),
    row("GET /drafts", "/drafts?organisation=gorod", NONE, "D ++++ N ++"),
    row("GET /drafts/new", "/drafts/new?organisation=gorod", NONE, "D ++FF N FF"),
    // The draft is another organisation's: nothing tells that there is one (drafts.rs).
    row("GET /drafts/new", "/drafts/new?organisation=gorod-2&id={draft}", NONE, "D NNNN + FF"),
    row("GET /drafts/{id}", "/drafts/{draft}", NONE, "D ++++ N ++"),
    row("POST /drafts/{id}", "/drafts/{draft}", DRAFT, "D ++FF N FF"),
    row("POST /drafts/{id}/submit", "/drafts/{draft}/submit", DRAFT, "D ++FF N FF"),
    row("POST /drafts/{id}/queue", "/drafts/{draft}/queue", DRAFT, "D ++FF N FF"),
    row("POST /drafts/{id}/release", "/drafts/{draft}/release", DECISION, "D ++FF N FF"),
    row("POST /drafts/{id}/compare", "/drafts/{draft}/compare", DRAFT, "D ++FF N FF"),
    row("POST /drafts/{id}/merge", "/drafts/{draft}/merge", DRAFT, "D ++FF N FF"),
    row("POST /drafts/{id}/approve", "/drafts/{draft}/approve", DECISION, "D F+FF N FF"),
    row("POST /drafts/{id}/return", "/drafts/{draft}/return", DECISION, "D F+FF N FF"),
    row("POST /drafts/{id}/comment", "/drafts/{draft}/comment", DECISION, "D ++FF N FF"),
    row("POST /drafts/{id}/discard", "/drafts/{draft}/discard", DECISION, "D ++FF N FF"),
    row("POST /drafts/{id}/go-on", "/drafts/{draft}/go-on", DECISION, "D ++FF N FF"),
    row("GET /posts/{id}/edit", "/posts/{post}/edit", NONE, "D ++FF N FF"),
    row("POST /api/v1/media", "/api/v1/media?organisation=gorod&name=a.png", NONE, "D ++FF N FF"),
    row("GET /api/v1/media/{sha256}", "/api/v1/media/{file}", NONE, "D ++++ N ++"),
];
