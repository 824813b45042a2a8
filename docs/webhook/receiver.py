#!/usr/bin/env python3
"""A small news site that takes vestnik's posts. Python 3.9 or later, standard library only.

    VESTNIK_SECRET=whsec_... PUBLIC_URL=https://gorod.ru python3 receiver.py

VESTNIK_SECRET   the shared secret; two, parted by a blank, while it is being changed
PUBLIC_URL       how readers reach this site; unless given, http://127.0.0.1:PORT
PORT             8090 unless given; 0 picks a free one. It listens on loopback: put your web server in front
DATABASE         a SQLite file, news.sqlite unless given

Everything above "The site" is the contract of docs/webhook.md and can stay as it is. Everything below it is an
example: put your own site there.
"""

import base64
import hashlib
import hmac
import html
import json
import os
import re
import sqlite3
import sys
import time
from contextlib import closing
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOLERANCE_SECONDS = 300  # how far a request's time may be from this site's clock
BODY_BYTES_MAX = 8_000_000  # vestnik's `body_bytes_max`
CHANGES = ("post.publish", "post.update", "post.withdraw")


class Refusal(Exception):
    """A refusal in the contract's form. vestnik shows `message` to an officer."""

    def __init__(self, status, error, message, retryable=False, **more):
        super().__init__(message)
        self.status = status
        self.body = {"error": error, "message": message, "retryable": retryable, **more}


def verify(headers, body):
    """The request's id, when it was signed with one of our secrets within the last five minutes."""
    request_id = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    if not request_id or not re.fullmatch(r"[0-9]{1,12}", timestamp):
        raise Refusal(401, "bad_signature", "webhook-id or webhook-timestamp is missing")
    if abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
        raise Refusal(401, "bad_signature", "webhook-timestamp is too far from this site's clock")
    signed = f"{request_id}.{timestamp}.".encode() + body
    given = [s[3:] for s in headers.get("webhook-signature", "").split(" ") if s.startswith("v1,")]
    for secret in os.environ["VESTNIK_SECRET"].split():
        key = base64.b64decode(secret.removeprefix("whsec_"))
        if len(key) < 24:
            continue  # never sign with an empty key
        expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
        if any(hmac.compare_digest(expected, signature.encode()) for signature in given):
            return request_id
    raise Refusal(401, "bad_signature", "no signature matches")


def answer(site, headers, body):
    """Status and body for one request."""
    request_id = verify(headers, body)  # on the raw bytes, before anything is parsed
    try:
        event = json.loads(body)
        kind, data = event["type"], event["data"]
    except (ValueError, KeyError, TypeError):
        raise Refusal(400, "bad_json", "the body must be JSON with type and data") from None
    if kind in CHANGES and headers.get("idempotency-key") != f'"{request_id}"':
        raise Refusal(400, "bad_idempotency_key", "Idempotency-Key must repeat webhook-id, in quotes")
    known = {
        "post.publish": lambda: site.publish(request_id, data),
        "post.update": lambda: site.update(data),
        "post.withdraw": lambda: site.withdraw(data),
        "post.lookup": lambda: site.lookup(data),
        "post.list": lambda: site.list(data),
        "site.status": lambda: (200, {"name": "Новости города", "may_publish": True}),
    }
    if kind not in known:
        raise Refusal(400, "unknown_type", f"this receiver does not know {kind}")
    try:
        return known[kind]()
    except (KeyError, TypeError, ValueError) as error:
        raise Refusal(422, "bad_data", f"the data is not as the contract says ({error!r})") from None


# ---------------------------------------------------------------------------------------------------- The site


def now():
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def readable(markup):
    """Text that was edited on this site, without its markup."""
    broken = re.sub(r"(?i)<br[^>]*>|</(p|li|h[1-6]|blockquote|pre)>", "\n", markup)
    return html.unescape(re.sub(r"<[^>]*>", "", broken)).strip()


def checksum(title, markup):
    return hashlib.sha256(f"{title}\n{markup}".encode()).hexdigest()


def files_of(data):
    """The files of a post, each checked against its sum."""
    files = []
    for place in ("images", "documents"):
        for file in data.get(place, []):
            content = base64.b64decode(file["base64"], validate=True)
            if hashlib.sha256(content).hexdigest() != file["sha256"]:
                raise Refusal(422, "bad_file", f"«{file['name']}» did not arrive whole", True)
            files.append((file["sha256"], file["name"], file["mime"], file["alt"], place == "images", content))
    return files


class Site:
    """News in SQLite. Every change is one transaction, so two equal requests at once cannot make two posts."""

    def __init__(self, path, public_url):
        self.path, self.public_url = path, public_url
        with closing(self.open()) as db:
            db.executescript("""
                CREATE TABLE IF NOT EXISTS item (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    vestnik_id TEXT UNIQUE,      -- stays on the item for good: vestnik looks it up by this
                    revision INTEGER, fingerprint TEXT,
                    title TEXT, html TEXT,       -- an editor may change these two
                    sent_text TEXT, sent_sum TEXT,
                    rubric TEXT, published_at TEXT, state TEXT);
                CREATE TABLE IF NOT EXISTS file (
                    item INTEGER, sha256 TEXT, name TEXT, mime TEXT, alt TEXT, picture INTEGER, content BLOB);
                CREATE TABLE IF NOT EXISTS answered (  -- keep for 30 days at least
                    request_id TEXT PRIMARY KEY, fingerprint TEXT, body TEXT, at TEXT);
            """)

    def open(self):
        db = sqlite3.connect(self.path, timeout=20, isolation_level=None)
        db.row_factory = sqlite3.Row
        return db

    def change(self, work):
        with closing(self.open()) as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                result = work(db)
                db.execute("COMMIT")
                return result
            except BaseException:
                db.execute("ROLLBACK")
                raise

    def address(self, item_id):
        return f"{self.public_url}/news/{item_id}"

    def placed(self, item):
        return {"id": str(item["id"]), "url": self.address(item["id"]), "published_at": item["published_at"]}

    def shown(self, db, item):
        # Untouched since vestnik wrote it: give back the text that came with it. Otherwise what stands there now.
        untouched = checksum(item["title"], item["html"]) == item["sent_sum"]
        files = db.execute("SELECT count(*) FROM file WHERE item = ?", (item["id"],)).fetchone()[0]
        return {
            **self.placed(item),
            "found": True,
            "state": item["state"],
            "revision": item["revision"],
            "title": item["title"],
            "text": item["sent_text"] if untouched else readable(item["html"]),
            "media": files,
        }

    def find(self, db, column, value):
        row = db.execute(f"SELECT * FROM item WHERE {column} = ?", (value,)).fetchone()
        if row is None:
            raise Refusal(404, "not_found", "there is no such post", found=False)
        return row

    def write(self, db, item_id, data, files):
        sent_sum = checksum(data["title"], data["html"])
        db.execute(
            "UPDATE item SET revision = ?, fingerprint = ?, title = ?, html = ?, sent_text = ?, sent_sum = ?,"
            " rubric = ? WHERE id = ?",
            (data["revision"], data["fingerprint"], data["title"], data["html"], data["text"], sent_sum,
             data.get("rubric"), item_id),
        )
        db.execute("DELETE FROM file WHERE item = ?", (item_id,))
        db.executemany("INSERT INTO file VALUES (?, ?, ?, ?, ?, ?, ?)", [(item_id, *file) for file in files])
        return db.execute("SELECT * FROM item WHERE id = ?", (item_id,)).fetchone()

    def publish(self, request_id, data):
        files = files_of(data)

        def work(db):
            before = db.execute("SELECT * FROM answered WHERE request_id = ?", (request_id,)).fetchone()
            if before:
                if before["fingerprint"] != data["fingerprint"]:
                    raise Refusal(422, "other_content", "this request came with other content before")
                return 200, json.loads(before["body"])
            item = db.execute("SELECT * FROM item WHERE vestnik_id = ?", (data["id"],)).fetchone()
            if item:
                if (item["revision"], item["fingerprint"]) != (data["revision"], data["fingerprint"]):
                    raise Refusal(422, "other_content", f"this post stands already: {self.address(item['id'])}")
                return 200, self.placed(item)
            made = db.execute("INSERT INTO item (vestnik_id, published_at, state) VALUES (?, ?, 'live')",
                              (data["id"], now()))  # the site's own time, never one from the request
            body = self.placed(self.write(db, made.lastrowid, data, files))
            db.execute("INSERT INTO answered VALUES (?, ?, ?, ?)",
                       (request_id, data["fingerprint"], json.dumps(body), now()))
            return 201, body

        return self.change(work)

    def update(self, data):
        files = files_of(data)

        def work(db):
            item = self.find(db, "id", data["site_id"])
            if item["state"] == "withdrawn":
                raise Refusal(422, "withdrawn", "the post has been withdrawn")
            if data["revision"] < (item["revision"] or 0):
                raise Refusal(422, "stale_revision", "a later revision stands already")
            return 200, self.placed(self.write(db, item["id"], data, files))

        return self.change(work)

    def withdraw(self, data):
        def work(db):
            item = self.find(db, "id", data["site_id"])
            db.execute("UPDATE item SET state = 'withdrawn' WHERE id = ?", (item["id"],))
            return 200, {"id": str(item["id"]), "state": "withdrawn"}

        return self.change(work)

    def lookup(self, data):
        with closing(self.open()) as db:
            if "id" in data:
                item = self.find(db, "vestnik_id", data["id"])
            elif "site_id" in data:
                item = self.find(db, "id", data["site_id"])
            else:
                item = self.find(db, "id", data["url"].removeprefix(self.address("")))
            return 200, self.shown(db, item)

    def list(self, data):
        since = datetime.fromisoformat(data["since"].replace("Z", "+00:00")).isoformat(timespec="seconds")
        with closing(self.open()) as db:
            rows = db.execute("SELECT * FROM item WHERE state = 'live' AND published_at >= ?"
                              " ORDER BY published_at DESC LIMIT 500", (since,)).fetchall()
            return 200, {"posts": [self.shown(db, row) for row in rows]}

    def page(self, path):
        """A public page: status, media type, content."""
        with closing(self.open()) as db:
            file = re.fullmatch(r"/files/([0-9a-f]{64})", path)
            if file:
                row = db.execute("SELECT mime, content FROM file WHERE sha256 = ?", file.groups()).fetchone()
                return (200, row["mime"], row["content"]) if row else (404, "text/plain", b"")
            item = re.fullmatch(r"/news/([0-9]+)", path)
            row = item and db.execute("SELECT * FROM item WHERE id = ? AND state = 'live'", item.groups()).fetchone()
            if not row:
                return 404, "text/plain", b""
            pictures = db.execute("SELECT * FROM file WHERE item = ?", (row["id"],)).fetchall()
            shown = "".join(
                f'<img src="/files/{f["sha256"]}" alt="{html.escape(f["alt"])}">' if f["picture"]
                else f'<p><a href="/files/{f["sha256"]}" download>{html.escape(f["name"])}</a></p>'
                for f in pictures
            )
            title = html.escape(row["title"])
            page = f'<!doctype html><html lang="ru"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>'
            return 200, "text/html; charset=utf-8", (page + row["html"] + shown).encode()


class Handler(BaseHTTPRequestHandler):
    site = None

    def reply(self, status, kind, content):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self):
        try:
            length = self.headers.get("Content-Length", "")
            if not length.isdecimal() or int(length) > BODY_BYTES_MAX:
                self.close_connection = True
                raise Refusal(413, "too_large", f"this site takes {BODY_BYTES_MAX} bytes")
            status, body = answer(self.site, self.headers, self.rfile.read(int(length)))
        except Refusal as refusal:
            status, body = refusal.status, refusal.body
        except sqlite3.OperationalError as error:  # rolled back: certainly not accepted
            status, body = 503, {"error": "busy", "message": str(error), "retryable": True}
        self.reply(status, "application/json; charset=utf-8", json.dumps(body, ensure_ascii=False).encode())

    def do_GET(self):
        self.reply(*self.site.page(self.path))

    def log_message(self, form, *args):
        print(form % args, file=sys.stderr)


def main():
    if not os.environ.get("VESTNIK_SECRET"):
        sys.exit("set VESTNIK_SECRET to the secret you share with vestnik (whsec_...)")
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8090"))), Handler)
    own = f"http://127.0.0.1:{server.server_port}"
    Handler.site = Site(os.environ.get("DATABASE", "news.sqlite"), os.environ.get("PUBLIC_URL", own).rstrip("/"))
    print(f"listening on {own}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
