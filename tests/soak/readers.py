"""What readers of the channels see, and what of it they should not."""

import collections
import datetime
import time

from office import number, revision

HOLD = datetime.timedelta(hours=4)


class Readers:
    """They look at every channel about twice a second, by a clock that nobody puts forward or back."""

    def __init__(self, office, speed):
        self.office, self.hold = office, HOLD.total_seconds() / speed
        self.unseen_until, self.seen, self.wrong = {}, set(), []
        self.last_look = time.monotonic()

    def look(self):
        before = time.monotonic()
        channels = self.office.channels()
        after = time.monotonic()
        for channel in channels:
            for shown in channel["posts"]:
                what = channel["channel"], number(shown), revision(shown)
                if what in self.seen:
                    continue
                self.seen.add(what)
                if channel["platform"] == "max":
                    self.unseen_until[what[1:]] = self.last_look
                elif after - self.unseen_until.get(what[1:], after) < self.hold:
                    self.wrong.append(f"text {what[2]} of post {what[1]} is early on {what[0]}")
        self.last_look = before

    def at_the_end(self, posts):
        """Every post once on every channel with its newest text, four hours behind MAX by the platforms' own times;
        what was withdrawn nowhere."""
        wrong, out_in_max = list(self.wrong), {}
        for channel in self.office.channels():
            standing = collections.defaultdict(list)
            for shown in channel["posts"]:
                standing[number(shown)].append(shown)
            for post in posts:
                here, name = standing.pop(post.number, []), f"post {post.number} on {channel['channel']}"
                if len(here) != (0 if post.withdrawn else 1):
                    wrong.append(f"{name} stands {len(here)} times" + (", withdrawn" if post.withdrawn else ""))
                    continue
                for shown in here:
                    if revision(shown) != post.revision:
                        wrong.append(f"{name} shows text {revision(shown)} of {post.revision}")
                    time_there = datetime.datetime.fromisoformat(shown["published_at"])
                    if channel["platform"] == "max":
                        out_in_max[post.number] = time_there
                    elif post.number not in out_in_max or time_there - out_in_max[post.number] < HOLD:
                        wrong.append(f"{name} is early: {time_there}, MAX {out_in_max.get(post.number)}")
            wrong += [f"nobody queued {shown} for {channel['channel']}" for here in standing.values() for shown in here]
        return wrong
