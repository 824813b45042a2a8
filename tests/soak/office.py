"""A folder with a configuration, the sandbox and the daemon; and what the office did with its posts."""

import json
import pathlib
import re
import socket
import sqlite3
import subprocess
import time
import urllib.request

PLATFORMS = ["max", "vk", "ok", "wordpress", "webhook"]
NUMBER, REVISION = re.compile(r"Новость (\d+)\b"), re.compile(r"редакция (\d+)\b")


class Post:
    """What the office knows of a post: its newest text that was taken, and whether it was withdrawn."""

    def __init__(self, number):
        self.number, self.id, self.revision, self.withdrawn = number, None, 1, False

    def file(self, revision):
        return f"---\ntitle: Новость {self.number}\n---\nТекст новости {self.number}, редакция {revision}.\n"


class Office:
    def __init__(self, program, folder, speed, at_the_end):
        self.program, self.folder, self.at_the_end = program, folder, at_the_end
        self.ports = free_ports()
        self.posts = []
        (folder / "serve.log").touch()
        self.start(["sandbox", "--dir", str(folder), "--ports", str(self.ports), "--speed", str(speed)], "sandbox.log")
        wait_for("the sandbox", lambda: (folder / "config.toml").exists() and self.channels())
        self.desk_on(self.ports + 6)
        self.followers = [c["channel"] for c in self.channels() if c["platform"] != "max"]
        self.daemon, self.starts = None, 0
        self.serve()

    def desk_on(self, port):
        """The usual port may be another's."""
        config = self.folder / "config.toml"
        text, moved = re.subn(r'^listen = ".*"$', f'listen = "127.0.0.1:{port}"', config.read_text("utf-8"), flags=re.M)
        if moved != 1:
            raise SystemExit("the configuration does not say where the desk listens")
        config.write_text(text, encoding="utf-8")

    def start(self, arguments, log):
        with open(self.folder / log, "a", encoding="utf-8") as output:
            process = subprocess.Popen([self.program, *arguments], stdout=output, stderr=subprocess.STDOUT)
        self.at_the_end.callback(process.wait)
        self.at_the_end.callback(process.kill)
        return process

    def serve(self):
        log = self.folder / "serve.log"
        before = log.stat().st_size
        self.daemon = self.start(["--config", str(self.folder / "config.toml"), "serve"], "serve.log")
        self.starts += 1
        wait_for("the daemon", lambda: b"vestnik is at work" in log.read_bytes()[before:])

    def end(self, how):
        self.daemon.send_signal(how)
        self.daemon.wait(timeout=60)

    def vestnik(self, *arguments):
        command = [self.program, "--config", str(self.folder / "config.toml"), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def post_file(self, post, revision):
        file = self.folder / "post.md"
        file.write_text(post.file(revision), encoding="utf-8")
        return str(file)

    def queue(self):
        post = Post(len(self.posts))
        channels = [word for slug in self.followers for word in ("--channel", slug)]
        file = self.post_file(post, 1)
        added = self.vestnik("post", "add", file, "--key", f"soak-{post.number}", "--json", *channels)
        if added.returncode != 0:
            raise SystemExit(f"post {post.number} was not queued: {added.stderr}")
        post.id = json.loads(added.stdout)["id"]
        self.posts.append(post)

    def edit(self, post):
        """Gives whether vestnik took the text: it may refuse, and says why."""
        edited = self.vestnik("post", "edit", post.id, self.post_file(post, post.revision + 1))
        post.revision += edited.returncode == 0
        return edited.returncode == 0

    def withdraw(self, post):
        withdrawn = self.vestnik("post", "withdraw", post.id, "--reason", "ошибка в новости")
        post.withdrawn |= withdrawn.returncode == 0
        return withdrawn.returncode == 0

    def ask(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.ports - 1}{path}", data, {"Content-Type": "application/json"}
        )
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
            return json.load(answer)

    def channels(self):
        """What readers see, MAX first."""
        try:
            return [c for c in self.ask("/")["channels"] if c["platform"] in PLATFORMS]
        except OSError:
            return None

    def count(self, statement):
        database = sqlite3.connect(f"file:{self.database()}?mode=ro", uri=True, timeout=30)
        try:
            return database.execute(statement).fetchone()[0]
        finally:
            database.close()

    def database(self):
        return next(p for p in self.folder.rglob("*.db") if p.is_file())

    def resident(self):
        status = pathlib.Path(f"/proc/{self.daemon.pid}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))

    def answers_what_waits(self):
        """What vestnik asks a person is answered by a look at the channel. Gives how often."""
        answers = 0
        for item in json.loads(self.vestnik("attention", "--json").stdout):
            if item["kind"] == "late":
                continue
            post = next(p for p in self.posts if p.id == item["post"])
            # It may say that it is not clear yet; it is asked again.
            answers += self.answer(item, post)
            time.sleep(1)
        return answers

    def answer(self, item, post):
        # VK takes changes for a day; what is older is withdrawn instead.
        if "no longer lets post" in item["what"]:
            return self.withdraw(post)
        if "vestnik post edit" in item["todo"]:
            return self.edit(post)
        channel = next(c for c in self.channels() if c["channel"] == item["channel"])
        standing = [shown["url"] for shown in channel["posts"] if number(shown) == post.number]
        if standing and "vestnik post withdraw" in item["todo"]:
            return self.withdraw(post)
        word = ["--published", standing[0]] if standing else ["--not-published"]
        return self.vestnik("post", "resolve", post.id, item["channel"], *word).returncode == 0


def number(shown):
    """Which of the office's posts this is; None for one that nobody queued."""
    found = NUMBER.search(f"{shown.get('title') or ''}\n{shown['text']}")
    return int(found[1]) if found else None


def revision(shown):
    found = REVISION.search(shown["text"])
    return int(found[1]) if found else None


def free_ports():
    """The first of seven free ports in a row, with one more before them."""
    for first in range(21001, 29000, 10):
        try:
            for port in range(first - 1, first + 7):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
            return first
        except OSError:
            continue
    raise SystemExit("no eight free ports in a row")


def wait_for(what, ready, patience=60):
    end = time.monotonic() + patience
    while not ready():
        if time.monotonic() > end:
            raise SystemExit(f"{what} is not there after {patience} s")
        time.sleep(0.1)
