"""MAX through maxapi."""

import asyncio
import logging

from maxapi import Bot
from maxapi.client.default import DefaultConnectionProperties
from maxapi.exceptions import InvalidToken, MaxApiError, MaxConnection
from maxapi.types import InputMedia

from sandbox import COLLEAGUE, PICTURE, Channel, expect, refused

CHAT = -71768670111751
NEWS = '<b>Мост открыт</b>\nДвижение — с 8:00, <a href="https://example.org/most">схема</a>'
TEXT = "Мост открыт\nДвижение — с 8:00, схема"


def main():
    channel = Channel("max", "maxapi")

    def connect(token, **connection):
        bot = Bot(token, after_input_media_delay=0, default_connection=DefaultConnectionProperties(**connection))
        bot.set_api_url(channel.address)
        bots.append(bot)
        return bot

    bots = []
    with asyncio.Runner() as runner:
        told = runner.run
        try:
            witness(channel, connect, told)
        finally:
            for bot in bots:
                told(bot.close_session())


def witness(channel, connect, told):
    bot = connect(channel.secret("max-token"), max_retries=0)

    me, member = told(bot.get_me()), told(bot.get_me_from_chat(CHAT))
    expect((me.user_id, member.is_admin), (member.user_id, True))
    channel.step("asks who it is, and its rights", f"{me.first_name}: {', '.join(member.permissions)}")

    sent = told(bot.send_message(CHAT, text=NEWS, format="html", attachments=[InputMedia(PICTURE)])).message
    mid = sent.body.mid
    channel.step("uploads, publishes", f"{sent.url}, {len(sent.body.attachments)} picture", (TEXT, 1))

    post = told(bot.get_message(mid))
    expect((post.body.text, post.timestamp, post.url), (TEXT, sent.timestamp, sent.url))
    expect([attachment.type for attachment in post.body.attachments], ["image"])
    marks = [(mark.type, TEXT[mark.from_:][:mark.length], getattr(mark, "url", None)) for mark in post.body.markup]
    expect(marks, [("strong", "Мост открыт", None), ("link", "схема", "https://example.org/most")])
    channel.step("reads it back", f"markup: {', '.join(mark for mark, _, _ in marks)}", (TEXT, 1))

    # It sends an empty list of attachments with every edit, which takes the pictures away.
    edited = told(bot.edit_message(mid, text="Мост закрыт", format="html"))
    expect(edited.success, True)
    channel.step("edits", f"success: {edited.success}", ("Мост закрыт", 0))

    by_hand = channel.colleague_posts()
    listed = [message.body.mid for message in told(bot.get_messages(CHAT, count=2)).messages]
    expect(listed, [by_hand, mid])
    channel.step("lists the newest", "the colleague's, then its own", (COLLEAGUE, 0), ("Мост закрыт", 0))

    expect(told(bot.delete_message(mid)).success, True)
    gone = refused(MaxApiError, lambda: told(bot.get_message(mid)))
    expect(gone.code, 404)
    channel.step("deletes, reads it again", f"MaxApiError {gone.code} {gone.raw['code']}", (COLLEAGUE, 0))

    late = told(bot.edit_message(mid, text="Мост"))
    expect((late.success, bool(late.message)), (False, True))
    channel.step("edits what is deleted", f"success: {late.success}, {late.message}", (COLLEAGUE, 0))

    stranger = connect("f9LHodD0cOL-wrong")
    unknown = refused(InvalidToken, lambda: told(stranger.get_me()))
    channel.step("comes with a wrong token", f"InvalidToken {unknown}", (COLLEAGUE, 0))

    channel.lose_reply()
    lost = refused(MaxConnection, lambda: told(bot.send_message(CHAT, text="Один раз")))
    listed = [message.body.text for message in told(bot.get_messages(CHAT, count=1)).messages]
    expect(listed, ["Один раз"])
    channel.step("loses a reply, lists", f"{type(lost).__name__}, then finds it", ("Один раз", 0), (COLLEAGUE, 0))

    # As it comes, it sends again by itself, with no more than a line in its log. MAX knows no idempotency key.
    logging.getLogger("bot").disabled = True
    channel.lose_reply()
    hasty = connect(channel.secret("max-token"), retry_backoff_factor=0)
    told(hasty.send_message(CHAT, text="Дважды"))
    standing = [("Дважды", 0), ("Дважды", 0), ("Один раз", 0), (COLLEAGUE, 0)]
    channel.step("loses a reply, sends again unasked", "no error", *standing)


main()
