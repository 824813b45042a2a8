"""OK through odnoklassniki."""

import json

import odnoklassniki.api
import requests
from odnoklassniki import Odnoklassniki, OdnoklassnikiError

from sandbox import COLLEAGUE, PICTURE, Channel, expect, refused

GROUP = "53038939046008"
LINK = "https://example.org/most"
TEXT = "Мост открыт\nДвижение — с 8:00"


def attachment(text, *blocks):
    media = [{"type": "text", "text": text}, *blocks]
    return json.dumps({"media": media, "onBehalfOfGroup": "true"}, ensure_ascii=False)


def publish(ok, text, *blocks):
    return ok.mediatopic.post(type="GROUP_THEME", gid=GROUP, attachment=attachment(text, *blocks))


def main():
    channel = Channel("ok", "odnoklassniki")
    odnoklassniki.api.API_URL = f"{channel.address}/fb.do"
    keys = "CBAEXAMPLEKEY", channel.secret("ok-application-secret-key")
    ok = Odnoklassniki(*keys, channel.secret("ok-access-token"))

    user = ok.users.getCurrentUser()
    rights = ["VALUABLE_ACCESS", "GROUP_CONTENT", "PHOTO_CONTENT"]
    expect([ok.users.hasAppPermission(ext_perm=right) for right in rights], [True, True, True])
    (role,) = ok.group.getUserGroupsByIds(group_id=GROUP, uids=user["uid"])
    expect(role, {"groupId": GROUP, "userId": user["uid"], "status": "ADMIN"})
    channel.step("asks who it is, and its rights", f"{user['name']}, {role['status']}: {', '.join(rights)}")

    # The client leaves the upload itself to its user.
    place = ok.photosV2.getUploadUrl(gid=GROUP)
    with open(PICTURE, "rb") as picture:
        uploaded = requests.post(place["upload_url"], files={"pic1": picture}, timeout=10).json()
    (photo,) = place["photo_ids"]
    token = uploaded["photos"][photo]["token"]
    topic = publish(ok, TEXT, {"type": "link", "url": LINK}, {"type": "photo", "list": [{"id": token}]})
    expect(type(topic), str)
    channel.step("uploads, publishes", f"topic {topic}", (TEXT, 1))

    (read,) = ok.mediatopic.getByIds(topic_ids=topic, fields="media_topic.*")["media_topics"]
    text, link, photos = read["media"]
    expect((text["text"], link["url"], len(photos["photo_refs"])), (TEXT, LINK, 1))
    expect((read["id"], read["author_ref"]), (topic, f"group:{GROUP}"))
    channel.step("reads it back", f"{link['url']}, {photos['photo_refs'][0]}", (TEXT, 1))

    kept = {"type": "photo", "list": [{"existing_photo_id": photo, "group": True}]}
    expect(ok.mediatopic.edit(topic_id=topic, attachment=attachment("Мост закрыт", kept)), {"success": True})
    channel.step("edits, names the picture again", "success", ("Мост закрыт", 1))

    by_hand = channel.colleague_posts()
    listed = [topic["id"] for topic in ok.mediatopic.getTopics(gid=GROUP, count=2)["media_topics"]]
    expect(listed, [by_hand, topic])
    channel.step("lists the newest", "the colleague's, then its own", (COLLEAGUE, 0), ("Мост закрыт", 1))

    expect(ok.mediatopic.deleteTopic(topic_id=topic, gid=GROUP)["success"], True)
    expect(ok.mediatopic.getByIds(topic_ids=topic)["media_topics"], [])
    channel.step("deletes, reads it again", "no topics", (COLLEAGUE, 0))

    gone = refused(OdnoklassnikiError, lambda: ok.mediatopic.edit(topic_id=topic, attachment=attachment(TEXT)))
    expect(gone.code, 300)
    channel.step("edits what is deleted", f"OdnoklassnikiError {gone.code} {gone.message}", (COLLEAGUE, 0))

    unknown = refused(OdnoklassnikiError, lambda: publish(Odnoklassniki(*keys, "tkn1wrong"), TEXT))
    expect(unknown.code, 103)
    channel.step("comes with a wrong token", f"OdnoklassnikiError {unknown.code} {unknown.message}", (COLLEAGUE, 0))

    # Signed with another secret. The text is Russian: a signature over anything but its raw UTF-8 would differ too.
    forged = refused(OdnoklassnikiError, lambda: publish(Odnoklassniki(keys[0], "wrong", ok.token), TEXT))
    expect(forged.code, 104)
    channel.step("signs with a wrong secret", f"OdnoklassnikiError {forged.code} {forged.message}", (COLLEAGUE, 0))

    channel.lose_reply()
    lost = refused(OdnoklassnikiError, lambda: publish(ok, "Один раз"))
    expect(lost.code, None)
    (found,) = ok.mediatopic.getTopics(gid=GROUP, count=1)["media_topics"]
    expect(found["media"], [{"type": "text", "text": "Один раз"}])
    says = f"OdnoklassnikiError {lost.message}, then finds it"
    channel.step("loses a reply, lists", says, ("Один раз", 0), (COLLEAGUE, 0))


main()
