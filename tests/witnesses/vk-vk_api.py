"""VK through vk_api."""

import requests
from requests.adapters import HTTPAdapter
from vk_api import ApiError, VkApi, VkUpload

from sandbox import COLLEAGUE, PICTURE, Channel, expect, refused

GROUP = 225000001
WALL = -GROUP
HOST = "https://api.vk.ru/"
LINK = "https://example.org/most"
TEXT = "Мост открыт\nДвижение — с 8:00"


class ToSandbox(HTTPAdapter):
    """Carries what is meant for VK to the sandbox: the client fixes its host."""

    def __init__(self, address):
        super().__init__()
        self.address = address

    def send(self, request, **options):
        request.url = request.url.replace(HOST, f"{self.address}/")
        return super().send(request, **options)


def connect(channel, token):
    session = requests.Session()
    session.mount(HOST, ToSandbox(channel.address))
    return VkApi(token=token, session=session).get_api()


def main():
    channel = Channel("vk", "vk_api")
    kinds = "community", "service", "user"
    community, service, user = (connect(channel, channel.secret(f"vk-{kind}-token")) for kind in kinds)

    rights = [right["name"] for right in community.groups.getTokenPermissions()["permissions"]]
    # This client speaks version 5.92, in which lists of objects come bare.
    (group,) = user.groups.getById(group_id=GROUP)
    expect((group["id"], group["is_admin"], group["can_post"]), (GROUP, 1, 1))
    channel.step("asks who it is, and its rights", f"{group['name']}: {', '.join(rights)}")

    for call, forbidden in {
        "wall.get": lambda: community.wall.get(owner_id=WALL),
        "an upload": lambda: VkUpload(community).photo_wall(PICTURE, group_id=GROUP),
    }.items():
        error = refused(ApiError, forbidden)
        expect(error.code, 27)
        channel.step(f"tries {call} with that key", f"ApiError {error}")

    (photo,) = VkUpload(user).photo_wall(PICTURE, group_id=GROUP)
    photo = f"photo{photo['owner_id']}_{photo['id']}"
    post_id = community.wall.post(owner_id=WALL, from_group=1, message=TEXT, attachments=f"{photo},{LINK}")["post_id"]
    name = f"{WALL}_{post_id}"
    channel.step("uploads, publishes", f"post {post_id} with {photo}", (TEXT, 1))

    (post,) = service.wall.getById(posts=name)
    shown = {it["type"]: it[it["type"]] for it in post["attachments"]}
    expect((post["text"], post["from_id"], list(shown)), (TEXT, WALL, ["photo", "link"]))
    expect((f"photo{shown['photo']['owner_id']}_{shown['photo']['id']}", shown["link"]["url"]), (photo, LINK))
    channel.step("reads it back", f"{photo}, {LINK}", (TEXT, 1))

    edited = user.wall.edit(owner_id=WALL, post_id=post_id, message="Мост закрыт", attachments=photo)
    expect(edited["post_id"], post_id)
    channel.step("edits, names the picture again", f"post {edited['post_id']}", ("Мост закрыт", 1))

    by_hand = int(channel.colleague_posts())
    listed = service.wall.get(owner_id=WALL, count=2, filter="owner")
    expect((listed["count"], [post["id"] for post in listed["items"]]), (2, [by_hand, post_id]))
    channel.step("lists the newest", "the colleague's, then its own", (COLLEAGUE, 0), ("Мост закрыт", 1))

    expect(user.wall.delete(owner_id=WALL, post_id=post_id), 1)
    expect(service.wall.getById(posts=name), [])
    channel.step("deletes, reads it again", "no items", (COLLEAGUE, 0))

    gone = refused(ApiError, lambda: user.wall.edit(owner_id=WALL, post_id=post_id, message=TEXT))
    expect(gone.code, 104)
    channel.step("edits what is deleted", f"ApiError {gone}", (COLLEAGUE, 0))

    unknown = refused(ApiError, lambda: connect(channel, "vk1.a.wrong").wall.post(owner_id=WALL, message=TEXT))
    expect(unknown.code, 5)
    channel.step("comes with a wrong token", f"ApiError {unknown}", (COLLEAGUE, 0))

    channel.lose_reply()
    once = {"owner_id": WALL, "from_group": 1, "message": "Один раз", "guid": "most-1"}
    # The client has no word of its own for a cut connection: it hands on what requests raises.
    lost = refused(requests.ConnectionError, lambda: community.wall.post(**once))
    (found,) = service.wall.get(owner_id=WALL, count=1)["items"]
    expect(found["text"], "Один раз")
    channel.step("loses a reply, lists", f"{type(lost).__name__}, then finds it", ("Один раз", 0), (COLLEAGUE, 0))

    again = community.wall.post(**once)["post_id"]
    expect(again, found["id"])
    channel.step("sends the same guid again", f"post {again}, the same", ("Один раз", 0), (COLLEAGUE, 0))


main()
