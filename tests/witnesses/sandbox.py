"""The sandbox beside a client: where its platform listens, and its control face as the other door to what stands there.

`run` starts the sandbox and names it in the environment.
"""

import json
import os
from importlib.metadata import version
from pathlib import Path
from urllib.request import Request, urlopen

PICTURE = os.environ["SANDBOX_PICTURE"]
COLLEAGUE = "От коллеги\n\nЯрмарка — в субботу"
_CONTROL = int(os.environ["SANDBOX_PORT"])


class Channel:
    """One channel of the sandbox, driven by a client that others wrote."""

    def __init__(self, platform, client):
        self.platform = platform
        self.address = f"http://127.0.0.1:{_CONTROL + 1 + ['max', 'vk', 'ok'].index(platform)}"
        print(f"{platform} through {client} {version(client)}", flush=True)

    def secret(self, name):
        return Path(os.environ["SANDBOX_SECRETS"], name).read_text().strip()

    def lose_reply(self):
        """The next post is taken, and the connection is cut before the answer."""
        _control("/fault", {"platform": self.platform, "fault": "lost_reply"})

    def colleague_posts(self):
        """A colleague posts by hand."""
        title, text = COLLEAGUE.split("\n\n")
        return _control("/hand", {"platform": self.platform, "title": title, "text": text})["id"]

    def step(self, done, says, *standing):
        """Prints what was done and what the client says of it, once the channel holds `standing`: the text and the
        number of pictures of every post, newest first."""
        channel = next(c for c in _control("/")["channels"] if c["platform"] == self.platform)
        posts = [(post["text"], post["media"]) for post in channel["posts"]]
        expect(posts, list(standing))
        seen = ", ".join(f"«{text.splitlines()[0]}»" + " + picture" * media for text, media in posts) or "nothing"
        print(f"  {done:<34} {says:<76} | stands: {seen}", flush=True)


def expect(told, wanted):
    if told != wanted:
        raise AssertionError(f"told  {told!r}\nwanted {wanted!r}")


def refused(kind, call):
    """The client's own exception, which the call must raise."""
    try:
        told = call()
    except kind as error:
        return error
    raise AssertionError(f"the client saw no {kind.__name__}, but {told!r}")


def _control(path, wish=None):
    body = wish and json.dumps(wish).encode()
    request = Request(f"http://127.0.0.1:{_CONTROL}{path}", body, {"Content-Type": "application/json"})
    with urlopen(request, timeout=10) as answer:
        return json.load(answer)
