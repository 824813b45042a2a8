// VK through vk-io.

const assert = require('node:assert/strict');
const http = require('node:http');
const { VK, APIError } = require('vk-io');
const { Channel, COLLEAGUE, PICTURE, refused, witness } = require('./sandbox.js');

const GROUP = 225000001;
const WALL = -GROUP;
const LINK = 'https://example.org/most';
const TEXT = 'Мост открыт\nДвижение — с 8:00';

witness(async () => {
  const channel = new Channel('vk', 'vk-io');
  const connect = (token, options) =>
    new VK({ token, apiBaseUrl: `${channel.address}/method`, agent: http.globalAgent, apiWait: 0, ...options });
  const kinds = ['community', 'service', 'user'];
  const [community, service, user] = kinds.map((kind) => connect(channel.secret(`vk-${kind}-token`)));

  const { permissions } = await community.api.groups.getTokenPermissions({});
  const { groups } = await user.api.groups.getById({ group_id: GROUP });
  assert.deepEqual(groups.map(({ id, is_admin, can_post }) => [id, is_admin, can_post]), [[GROUP, 1, 1]]);
  const rights = permissions.map(({ name }) => name).join(', ');
  await channel.step('asks who it is, and its rights', `${groups[0].name}: ${rights}`);

  const source = { group_id: GROUP, source: { value: PICTURE } };
  const forbidden = {
    'wall.get': () => community.api.wall.get({ owner_id: WALL }),
    'an upload': () => community.upload.wallPhoto(source),
  };
  for (const [call, attempt] of Object.entries(forbidden)) {
    const { code, message } = await refused(APIError, attempt());
    assert.equal(code, 27);
    await channel.step(`tries ${call} with that key`, `APIError ${message}`);
  }

  const photo = await user.upload.wallPhoto(source);
  const news = { owner_id: WALL, from_group: 1, message: TEXT, attachments: `${photo},${LINK}` };
  const posted = await community.api.wall.post(news);
  const name = `${WALL}_${posted.post_id}`;
  await channel.step('uploads, publishes', `post ${posted.post_id} with ${photo}`, [TEXT, 1]);

  const { items: [post] } = await service.api.wall.getById({ posts: name });
  const named = { photo: ({ owner_id, id }) => `photo${owner_id}_${id}`, link: ({ url }) => url };
  const shown = post.attachments.map(({ type, ...it }) => named[type](it[type]));
  assert.deepEqual([post.text, post.from_id, shown], [TEXT, WALL, [`photo${photo.ownerId}_${photo.id}`, LINK]]);
  await channel.step('reads it back', shown.join(', '), [TEXT, 1]);

  // What an edit does not name again is gone.
  const edited = await user.api.wall.edit({ owner_id: WALL, post_id: posted.post_id, message: 'Мост закрыт' });
  assert.equal(edited.post_id, posted.post_id);
  await channel.step('edits, names no picture', `post ${edited.post_id}`, ['Мост закрыт', 0]);

  const byHand = Number(await channel.colleaguePosts());
  const { count, items } = await service.api.wall.get({ owner_id: WALL, count: 2, filter: 'owner' });
  assert.deepEqual([count, items.map(({ id }) => id)], [2, [byHand, posted.post_id]]);
  await channel.step('lists the newest', "the colleague's, then its own", [COLLEAGUE, 0], ['Мост закрыт', 0]);

  assert.equal(await user.api.wall.delete({ owner_id: WALL, post_id: posted.post_id }), 1);
  const { items: left } = await service.api.wall.getById({ posts: name });
  assert.deepEqual(left, []);
  await channel.step('deletes, reads it again', 'no items', [COLLEAGUE, 0]);

  const gone = await refused(APIError, user.api.wall.delete({ owner_id: WALL, post_id: posted.post_id }));
  assert.equal(gone.code, 104);
  await channel.step('deletes what is deleted', `APIError ${gone.message}`, [COLLEAGUE, 0]);

  const unknown = await refused(APIError, connect('vk1.a.wrong').api.wall.post({ owner_id: WALL, message: TEXT }));
  assert.equal(unknown.code, 5);
  await channel.step('comes with a wrong token', `APIError ${unknown.message}`, [COLLEAGUE, 0]);

  await channel.loseReply();
  const patient = connect(channel.secret('vk-community-token'), { apiRetryLimit: 0 });
  const lost = await refused(Error, patient.api.wall.post({ owner_id: WALL, from_group: 1, message: 'Один раз' }));
  const { items: [found] } = await service.api.wall.get({ owner_id: WALL, count: 1 });
  assert.equal(found.text, 'Один раз');
  const says = `${lost.name} ${lost.code}, then finds it`;
  await channel.step('loses a reply, lists', says, ['Один раз', 0], [COLLEAGUE, 0]);

  // As it comes, it sends again by itself. With a guid VK answers the first post's id ...
  await channel.loseReply();
  const again = await community.api.wall.post({ owner_id: WALL, from_group: 1, message: 'С ключом', guid: 'most-1' });
  const { items: [kept] } = await service.api.wall.get({ owner_id: WALL, count: 1 });
  assert.equal(again.post_id, kept.id);
  const standing = [['С ключом', 0], ['Один раз', 0], [COLLEAGUE, 0]];
  await channel.step('loses a reply, sends the guid again', `post ${again.post_id}, which stands`, ...standing);

  // ... and without one there are two posts.
  await channel.loseReply();
  const twice = await community.api.wall.post({ owner_id: WALL, from_group: 1, message: 'Дважды' });
  standing.unshift(['Дважды', 0], ['Дважды', 0]);
  await channel.step('the same without a guid', `post ${twice.post_id}, no error`, ...standing);
});
