#!/usr/bin/env python3
"""Verifies an export of vestnik's history without vestnik.

    python3 verify_export.py EXPORT.jsonl [--head HASH]

Checks that no entry was changed, taken out, doubled or moved, that the entries end where the head says, and that every
publication outside the primary messenger came at least four hours after the primary's. Prints the smallest distances.
Exit status: 0 proven, 1 not proven, 2 wrong usage or no such file.

Needs Python 3.7 or newer and nothing else. What is computed, and why, is told in journal-format.md beside this file.
"""

import argparse
import datetime
import hashlib
import json
import re
import sys

FORM = 1
HOLD_SECONDS_MIN = 4 * 60 * 60
NEAREST = 10
INTEGER_MAX = 2**53 - 1
DEPTH_MAX = 32
LINE_BYTES_MAX = 16 * 1024 * 1024
HEADER_BEGINS = b'{"chain":'


class Fault(Exception):
    """Why an export proves nothing."""


# The forms of single values -----------------------------------------------------------------------------------------


def is_text(value):
    return isinstance(value, str)


def is_flag(value):
    return isinstance(value, bool)


def is_whole(value, most=INTEGER_MAX):
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def is_small(value):
    return is_whole(value, 2**32 - 1)


def is_hash(value):
    return is_text(value) and re.fullmatch("[0-9a-f]{64}", value) is not None


def is_id(value):
    return is_text(value) and re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value) is not None


def is_time(value):
    return is_text(value) and time_of(value) is not None


def is_clocks(value):
    clocks = {"ours": is_time, "primary?": is_time, "follower?": is_time}
    return isinstance(value, dict) and shape_fault(value, clocks) is None


def is_plan(value):
    return isinstance(value, dict) and shape_fault(value, {"channel": is_text, "at": is_time}) is None


def one_of(*words):
    return lambda value: is_text(value) and value in words


TIME = re.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})\\.([0-9]{6})Z")


def time_of(text):
    """The time behind a text, or None. There is one spelling: UTC, six decimals, Z."""
    parts = TIME.fullmatch(text)
    try:
        return datetime.datetime(*map(int, parts.groups())) if parts else None
    except ValueError:
        return None


ENTRY = {
    "actor": is_text,
    "at": is_time,
    "chain": is_text,
    "channel": lambda value: value is None or is_text(value),
    "delivery": lambda value: value is None or is_id(value),
    "detail": lambda value: isinstance(value, dict),
    "hash": is_hash,
    "kind": is_text,
    "post": lambda value: value is None or is_id(value),
    "prev": is_hash,
    "seq": lambda value: is_whole(value) and value > 0,
}

HEAD = {"hash": is_hash, "seq": is_whole}

HEADER = {
    "chain": is_text,
    "exported_at": is_time,
    "filter": lambda value: value is None or is_text(value),
    "from_seq": lambda value: is_whole(value) and value > 0,
    "head": lambda value: isinstance(value, dict) and value.keys() == HEAD.keys() and shape_fault(value, HEAD) is None,
    "vestnik_export": lambda value: is_whole(value) and value == FORM,
}

# Details of the kinds that the four-hour rule is computed from. A question mark: may be left out.
DETAILS = {
    "post.queued": {
        "title": is_text,
        "content_sha256": is_text,
        "revision": is_small,
        "planned": lambda value: isinstance(value, list) and all(is_plan(plan) for plan in value),
        "expires_at?": is_time,
        "key?": is_text,
    },
    "post.edited": {"revision": is_small, "content_sha256": is_text},
    "attempt.started": {
        "attempt": is_id,
        "number": is_small,
        "action": one_of("publish", "edit", "retract"),
        "revision": is_small,
        "content_sha256": is_text,
    },
    "attempt.ended": {
        "attempt": is_id,
        "outcome": one_of(
            "published", "edited", "retracted", "retry", "rejected", "unauthorised", "in_doubt", "handed", "abandoned"
        ),
        "reason?": is_text,
        "kind?": is_text,
        "next_at?": is_time,
        "status?": lambda value: is_whole(value, 2**16 - 1),
        "answer_sha256?": is_text,
    },
    "delivery.published": {
        "revision": is_small,
        "attempt?": is_id,
        "action": one_of("publish", "edit", "retract"),
        "primary": is_flag,
        "by": one_of("platform", "find", "person"),
        "remote_id": is_text,
        "url?": is_text,
        "platform_time?": is_time,
        "received_at": is_time,
        "counts_from": is_time,
        "content_sha256": is_text,
        "hold_from?": is_time,
        "hold_seconds?": is_small,
        "margin_seconds?": is_small,
        "primary_seen_at?": is_time,
        "clocks": is_clocks,
    },
}


def shape_fault(value, shape):
    """The name of the first field that is missing or wrong, or None."""
    for name, fits in shape.items():
        field = value.get(name.rstrip("?"))
        left_out = field is None and name.endswith("?")
        if not left_out and not (name.rstrip("?") in value and fits(field)):
            return name.rstrip("?")
    return None


# Lines ----------------------------------------------------------------------------------------------------------------


def canonical(value):
    """RFC 8785, which for the values that the journal uses is: no white space, keys in order, shortest escapes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def no_fraction(text):
    raise ValueError("the number %s is not a whole number" % text[:40])


def check_values(value, depth=DEPTH_MAX):
    """Refuses what the journal does not use: its spelling would differ between languages."""
    if isinstance(value, int) and abs(value) > INTEGER_MAX:
        raise ValueError("a number is too large")
    if isinstance(value, (dict, list)):
        if depth == 0:
            raise ValueError("lists and objects lie too deep in each other")
        if isinstance(value, dict) and not all(key.isascii() for key in value):
            raise ValueError("a key is not ASCII")
        for inner in value.values() if isinstance(value, dict) else value:
            check_values(inner, depth - 1)


def read(line, shape):
    """The value of a line, which must be spelt in the one way there is."""
    try:
        text = line.decode("utf-8")
        value = json.loads(text, parse_float=no_fraction, parse_constant=no_fraction)
        if not isinstance(value, dict) or value.keys() != shape.keys():
            raise ValueError("it does not have the fields it should have")
        wrong = shape_fault(value, shape)
        if wrong is not None:
            raise ValueError("the field %s is wrong" % wrong)
        check_values(value.get("detail", {}))
        same = canonical(value) == text
    except (ValueError, RecursionError) as cause:
        raise Fault("the line cannot be read: %s" % cause)
    if not same:
        raise Fault("the line is not spelt as vestnik spells it")
    return value


def sha256(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def hash_of(entry):
    """The hash that an entry must carry: SHA-256 of all its other fields."""
    return sha256(canonical({name: value for name, value in entry.items() if name != "hash"}))


def genesis(chain):
    """What the first entry of a chain follows."""
    return sha256("vestnik journal 1\n" + chain)


# The four-hour rule ---------------------------------------------------------------------------------------------------


class FourHours:
    """Measures every publication on a follower against the primary's of the same revision."""

    def __init__(self):
        self.texts = {}
        self.primaries = {}
        self.primary_channels = {}
        self.attempts = {}
        self.kept = 0
        self.broken = []
        self.unfounded = []
        self.unknown = []
        self.nearest = []

    def push(self, entry):
        kind, detail = entry["kind"], entry["detail"]
        if kind not in DETAILS:
            return
        wrong = shape_fault(detail, DETAILS[kind])
        if wrong is not None:
            raise Fault("entry %d: the detail of `%s` cannot be read: %s" % (entry["seq"], kind, wrong))
        if kind == "post.queued":
            # The first channel is the primary: what a later entry says cannot make another one so.
            if entry["post"] is not None and detail["planned"]:
                self.primary_channels.setdefault(entry["post"], detail["planned"][0]["channel"])
        elif kind == "post.edited":
            if entry["post"] is not None:
                self.texts.setdefault((entry["post"], detail["revision"]), time_of(entry["at"]))
        elif kind == "attempt.started":
            self.attempts[detail["attempt"]] = time_of(entry["at"])
        elif kind == "attempt.ended":
            if detail["outcome"] not in ("published", "edited", "in_doubt"):
                self.attempts.pop(detail["attempt"], None)
        else:
            self.published(entry, detail)

    def published(self, entry, detail):
        if entry["post"] is None or (entry["channel"] is None and not detail["primary"]):
            raise Fault("entry %d: the publication names no post or no channel" % entry["seq"])
        revision = (entry["post"], detail["revision"])
        called_at = self.attempts.pop(detail.get("attempt"), None)
        # Of an edit platforms tell no time; what they tell then is the time of the first publication.
        known = detail.get("platform_time") is not None and detail["action"] != "edit"
        platform_time = time_of(detail["platform_time"]) if known else None
        received_at = time_of(detail["received_at"])
        if detail["primary"] and self.primary_channels.get(entry["post"], entry["channel"]) == entry["channel"]:
            counts_from = time_of(detail["counts_from"])
            counts_from = max(counts_from, platform_time or counts_from)
            # A person's word of an edit counts from when it is given.
            if detail["action"] == "edit" and detail["by"] == "person":
                counts_from = max(counts_from, received_at)
            self.primaries[revision] = (counts_from, detail["action"] == "edit")
            return
        published_at = min(received_at, platform_time or received_at, called_at or received_at)
        required = max(HOLD_SECONDS_MIN, detail.get("hold_seconds") or 0)
        if revision not in self.primaries:
            self.unfounded.append(self.sentence(entry, None, required, "NO PRIMARY", published_at))
            return
        primary_at, by_edit = self.primaries[revision]
        distance = whole_seconds(published_at - primary_at)
        kept = distance >= required
        # Found standing from before every call that this history knows of: its own, and the edit of the primary. The
        # text can have been on the primary since it was written.
        of_others = detail["by"] == "find" and (called_at is None or published_at < called_at)
        written_at = self.texts.get(revision)
        in_time = written_at is None or whole_seconds(published_at - written_at) >= required
        if not kept and of_others and by_edit and published_at <= primary_at and in_time:
            self.unknown.append(self.sentence(entry, None, required, "NOT KNOWN", published_at))
            return
        sentence = self.sentence(entry, distance, required, "kept" if kept else "BROKEN", published_at)
        if kept:
            self.kept += 1
        else:
            self.broken.append(sentence)
        self.nearest = sorted(self.nearest + [(distance, entry["seq"], sentence)])[:NEAREST]

    @staticmethod
    def sentence(entry, distance, required, verdict, published_at):
        detail = entry["detail"]
        return "%s of %s %s: %s at %s %s (entry %d, post %s, revision %d)" % (
            "-" if distance is None else hours(distance),
            hours(required),
            verdict,
            printable(entry["channel"]),
            published_at.strftime("%Y").zfill(4) + published_at.strftime("-%m-%dT%H:%M:%S.%fZ"),
            printable(detail["remote_id"] if detail.get("url") is None else detail["url"]),
            entry["seq"],
            entry["post"],
            detail["revision"],
        )

    def report(self):
        total = self.kept + len(self.broken) + len(self.unfounded) + len(self.unknown)
        print("  four-hour rule: %d on followers, %d kept, " % (total, self.kept), end="")
        print("%d too early, %d without a primary before it" % (len(self.broken), len(self.unfounded)), end="")
        print(", %d of which nobody can tell" % len(self.unknown) if self.unknown else "")
        nearest = [sentence for _, _, sentence in self.nearest]
        for sentence in nearest + [s for s in self.broken if s not in nearest] + self.unfounded + self.unknown:
            print("    " + sentence)


def whole_seconds(between):
    """Rounded down: 3:59:59.9 is not four hours."""
    return between // datetime.timedelta(seconds=1)


def hours(seconds):
    sign, seconds = "-" if seconds < 0 else "", abs(seconds)
    return "%s%d:%02d:%02d" % (sign, seconds // 3600, seconds // 60 % 60, seconds % 60)


def printable(text):
    """Without what could steer the terminal that it is printed on."""
    return re.sub("[\x00-\x1f\x7f-\x9f]", "\ufffd", text)


# Chains ---------------------------------------------------------------------------------------------------------------


class Chain:
    """Checks one chain, entry by entry. Nothing is believed after the first fault."""

    def __init__(self, header, expected):
        self.header = header
        self.expected, self.expected_at = expected, None
        self.rule = FourHours()
        self.entries = 0
        self.fault = None
        self.remarks = []
        self.last_at = None
        self.whole = header["filter"] is None and header["from_seq"] == 1
        self.selection = header["filter"] is not None
        # A copy that continues an earlier one hangs on what the earlier one ends with, told by its first entry.
        self.seq = 0 if self.selection else header["from_seq"] - 1
        self.hash = genesis(header["chain"]) if self.whole or self.selection else None
        if self.whole:
            self.expect()

    def fail(self, sentence):
        self.fault = self.fault or sentence

    def push(self, entry):
        self.entries += 1
        if self.fault is not None:
            return
        try:
            self.take(entry)
        except Fault as fault:
            self.fail(str(fault))

    def take(self, entry):
        if self.hash is None:
            self.hash = entry["prev"]
            self.expect()
        self.check(entry)
        # Things that happen at the same moment may be written down in either order.
        second = datetime.timedelta(seconds=1)
        if self.last_at is not None and time_of(self.last_at) - time_of(entry["at"]) > second:
            remark = "entry %d: our clock went back from %s to %s"
            self.remarks.append(remark % (entry["seq"], self.last_at, entry["at"]))
        self.last_at = entry["at"]
        self.seq, self.hash = entry["seq"], entry["hash"]
        self.expect()
        self.rule.push(entry)

    def check(self, entry):
        place = "chain `%s`, entry %d: " % (self.header["chain"], entry["seq"])
        if entry["chain"] != self.header["chain"]:
            raise Fault(place + "it belongs to the chain `%s`" % entry["chain"])
        skipped = self.selection and entry["seq"] > self.seq + 1
        if entry["seq"] != self.seq + 1 and not skipped:
            raise Fault(place + "number %d should stand here" % (self.seq + 1))
        if entry["hash"] != hash_of(entry):
            raise Fault(place + "the entry was changed")
        if entry["prev"] != self.hash and not skipped:
            raise Fault(place + "it does not follow from the entry before it")

    def expect(self):
        if self.expected is not None and self.hash == self.expected:
            self.expected_at = self.seq

    def finish(self):
        head = self.header["head"]
        if self.hash is None:
            self.hash = head["hash"]
        ends = (self.seq, self.hash) == (head["seq"], head["hash"])
        if not ends and not (self.selection and self.seq < head["seq"]):
            self.fail("the entries end at number %d, the head is number %d: %s" % (self.seq, head["seq"], head["hash"]))

    def verdict(self):
        unfounded = self.whole and self.rule.unfounded
        if self.fault is not None or self.rule.broken or unfounded:
            return "broken"
        return "proven" if self.whole and not self.rule.unknown else "part"

    def report(self):
        state = "unbroken" if self.fault is None else "BROKEN"
        print("chain %s: %s, entries: %d" % (printable(self.header["chain"]), state, self.entries))
        print("  head: %d %s" % (self.seq, self.hash))
        if self.fault is not None:
            print("  fault: " + printable(self.fault))
        if self.selection:
            words = printable(self.header["filter"])
            print("  this is a part (%s); only a whole export proves that nothing was left out" % words)
        elif not self.whole:
            print("  this is a part (from entry %d); it continues an earlier export" % self.header["from_seq"])
        for remark in self.remarks:
            print("  remark: " + remark)
        self.rule.report()


def header_of(line):
    """The header in a line."""
    try:
        form = json.loads(line.decode("utf-8")).get("vestnik_export")
    except (ValueError, RecursionError):
        form = FORM  # what is wrong is told below
    if is_small(form) and form != FORM:
        raise Fault("the export has form %d, this script reads form %d" % (form, FORM))
    return read(line, HEADER)


NO_HEADER = "an export begins with a header; make one with `vestnik history --format jsonl`"


def verify(file, expected):
    """Every chain of an export, and what is wrong outside of them."""
    chains, outside, number = [], None, 0
    for number, raw in enumerate(iter(lambda: file.readline(LINE_BYTES_MAX), b""), 1):
        try:
            if number == 1 and not raw.startswith(HEADER_BEGINS):
                raise Fault(NO_HEADER)
            if not raw.endswith(b"\n"):
                raise Fault("the line has no end; the file was cut")
            line = raw[:-1]
            if line.startswith(HEADER_BEGINS):
                header = header_of(line)
                chains.append(Chain(header, expected))
                if any(header["chain"] == earlier.header["chain"] for earlier in chains[:-1]):
                    chains[-1].fail("the chain stands twice in this export")
                continue
            entry = read(line, ENTRY)
            if not chains:
                raise Fault(NO_HEADER)
            chains[-1].push(entry)
        except Fault as fault:
            sentence = "line %d: %s" % (number, fault)
            if chains:
                chains[-1].fail(sentence)
            else:
                outside = outside or sentence
    for chain in chains:
        chain.finish()
    if not chains and outside is None:
        outside = "line %d: %s" % (number, NO_HEADER)
    return chains, outside


def main():
    # A Windows console may not know Cyrillic.
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    parser = argparse.ArgumentParser(description="Verifies an export of vestnik's history without vestnik.")
    parser.add_argument("export", metavar="EXPORT", help="a file made by `vestnik history --format jsonl`")
    parser.add_argument("--head", metavar="HASH", help="a head that was noted earlier: it must still be in the chain")
    arguments = parser.parse_args()
    if arguments.head is not None and not is_hash(arguments.head):
        parser.error("--head takes 64 digits of 0-9 and a-f, in lower case")
    try:
        with open(arguments.export, "rb") as file:
            chains, outside = verify(file, arguments.head)
    except OSError as error:
        parser.error("%s cannot be read (%s)" % (arguments.export, error.strerror))

    for chain in chains:
        chain.report()
    if outside is not None:
        print("fault: " + printable(outside))
    verdicts = {chain.verdict() for chain in chains} | ({"broken"} if outside is not None else set())
    if arguments.head is not None:
        found = [chain for chain in chains if chain.expected_at is not None]
        if not found:
            verdicts.add("broken")
            words = "IS NOT HERE; the history was cut or written anew, or this is another one"
        elif found[0].expected_at == found[0].seq:
            words = "is the head of %s" % printable(found[0].header["chain"])
        else:
            grown = found[0].seq - found[0].expected_at
            place = (found[0].expected_at, printable(found[0].header["chain"]), grown)
            words = "is entry %d of %s, which has grown by %d since" % place
        print("expected: %s %s" % (arguments.head, words))
    verdict = next(word for word in ("broken", "part", "proven") if word in verdicts)
    print("verdict: " + verdict)
    return 0 if verdict == "proven" else 1


if __name__ == "__main__":
    sys.exit(main())
