// MAX through @maxhub/max-bot-api, the platform's own client.

const assert = require('node:assert/strict');
const { Bot, MaxError, fmt } = require('@maxhub/max-bot-api');
const { Channel, COLLEAGUE, PICTURE, refused, witness } = require('./sandbox.js');

const CHAT = -71768670111751;
const NEWS = `${fmt.boldHtml('Мост открыт')}\nДвижение — с 8:00, ${fmt.linkHtml('схема', 'https://example.org/most')}`;
const TEXT = 'Мост открыт\nДвижение — с 8:00, схема';

witness(async () => {
  const channel = new Channel('max', '@maxhub/max-bot-api');
  const connect = (token) => new Bot(token, { clientOptions: { baseUrl: `${channel.address}/` } }).api;
  const api = connect(channel.secret('max-token'));

  const me = await api.getMyInfo();
  const member = await api.getChatMembership(CHAT);
  assert.deepEqual([member.user_id, member.is_admin], [me.user_id, true]);
  await channel.step('asks who it is, and its rights', `${me.first_name}: ${member.permissions.join(', ')}`);

  const picture = await api.uploadImage({ source: PICTURE });
  const sent = await api.sendMessageToChat(CHAT, NEWS, { format: 'html', attachments: [picture.toJson()] });
  const { mid } = sent.body;
  await channel.step('uploads, publishes', `${sent.url}, ${sent.body.attachments.length} picture`, [TEXT, 1]);

  const post = await api.getMessage(mid);
  assert.deepEqual([post.body.text, post.timestamp, post.url], [TEXT, sent.timestamp, sent.url]);
  assert.deepEqual(post.body.attachments.map(({ type }) => type), ['image']);
  const marks = post.body.markup.map(({ type, from, length, url }) => [type, TEXT.substr(from, length), url]);
  assert.deepEqual(marks, [['strong', 'Мост открыт', undefined], ['link', 'схема', 'https://example.org/most']]);
  await channel.step('reads it back', `markup: ${marks.map(([type]) => type).join(', ')}`, [TEXT, 1]);

  const edited = await api.editMessage(mid, { text: '**Мост** закрыт', format: 'markdown' });
  assert.equal(edited.success, true);
  await channel.step('edits, leaves the picture', `success: ${edited.success}`, ['Мост закрыт', 1]);

  const byHand = await channel.colleaguePosts();
  const { messages } = await api.getMessages(CHAT, { count: 2 });
  assert.deepEqual(messages.map(({ body }) => body.mid), [byHand, mid]);
  await channel.step('lists the newest', "the colleague's, then its own", [COLLEAGUE, 0], ['Мост закрыт', 1]);

  assert.equal((await api.deleteMessage(mid)).success, true);
  const gone = await refused(MaxError, api.getMessage(mid));
  assert.equal(gone.status, 404);
  await channel.step('deletes, reads it again', `MaxError ${gone.status} ${gone.code}`, [COLLEAGUE, 0]);

  const late = await api.editMessage(mid, { text: 'Мост' });
  assert.equal(late.success, false);
  await channel.step('edits what is deleted', `success: ${late.success}, ${late.message}`, [COLLEAGUE, 0]);

  const unknown = await refused(MaxError, connect('f9LHodD0cOL-wrong').getMyInfo());
  assert.deepEqual([unknown.status, unknown.code], [401, 'verify.token']);
  await channel.step('comes with a wrong token', `MaxError ${unknown.status} ${unknown.code}`, [COLLEAGUE, 0]);

  await channel.loseReply();
  // The client has no word of its own for a cut connection: it hands on what fetch throws.
  const lost = await refused(TypeError, api.sendMessageToChat(CHAT, 'Один раз'));
  const listed = await api.getMessages(CHAT, { count: 1 });
  assert.deepEqual(listed.messages.map(({ body }) => body.text), ['Один раз']);
  const says = `${lost.name} ${lost.message}, then finds it`;
  await channel.step('loses a reply, lists', says, ['Один раз', 0], [COLLEAGUE, 0]);
});
