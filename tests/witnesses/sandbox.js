// The sandbox beside a client: where its platform listens, and its control face as the other door to what stands there.
// `run` starts the sandbox and names it in the environment.

const assert = require('node:assert/strict');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const { SANDBOX_PORT, SANDBOX_SECRETS, SANDBOX_PICTURE, NODE_PATH } = process.env;
const CONTROL = Number(SANDBOX_PORT);
const COLLEAGUE = 'От коллеги\n\nЯрмарка — в субботу';

/** One channel of the sandbox, driven by a client that others wrote. */
class Channel {
  constructor(platform, client) {
    this.platform = platform;
    this.address = `http://127.0.0.1:${CONTROL + 1 + ['max', 'vk', 'ok'].indexOf(platform)}`;
    const { version } = JSON.parse(readFileSync(join(NODE_PATH, client, 'package.json'), 'utf8'));
    console.log(`${platform} through ${client} ${version}`);
  }

  secret(name) {
    return readFileSync(join(SANDBOX_SECRETS, name), 'utf8').trim();
  }

  /** The next post is taken, and the connection is cut before the answer. */
  async loseReply() {
    await control('/fault', { platform: this.platform, fault: 'lost_reply' });
  }

  /** A colleague posts by hand. */
  async colleaguePosts() {
    const [title, text] = COLLEAGUE.split('\n\n');
    return (await control('/hand', { platform: this.platform, title, text })).id;
  }

  /**
   * Prints what was done and what the client says of it, once the channel holds `standing`: the text and the number of
   * pictures of every post, newest first.
   */
  async step(done, says, ...standing) {
    const { channels } = await control('/');
    const { posts } = channels.find(({ platform }) => platform === this.platform);
    assert.deepEqual(posts.map(({ text, media }) => [text, media]), standing);
    const shown = posts.map(({ text, media }) => `«${text.split('\n')[0]}»${' + picture'.repeat(media)}`);
    console.log(`  ${done.padEnd(34)} ${says.padEnd(76)} | stands: ${shown.join(', ') || 'nothing'}`);
  }
}

/** The client's own exception, which the call must raise. */
async function refused(kind, call) {
  const [error, told] = await call.then((value) => [undefined, value], (thrown) => [thrown]);
  assert.ok(error instanceof kind, `the client saw no ${kind.name}, but ${error ?? JSON.stringify(told)}`);
  return error;
}

/** Runs a witness to its end. One that is left waiting for ever must not pass for one that agreed. */
async function witness(round) {
  process.exitCode = 1;
  await round();
  process.exitCode = 0;
}

async function control(path, wish) {
  const headers = { 'Content-Type': 'application/json' };
  const request = wish && { method: 'POST', headers, body: JSON.stringify(wish) };
  const answer = await fetch(`http://127.0.0.1:${CONTROL}${path}`, request);
  assert.ok(answer.ok, `the control face refuses ${path}: ${answer.status}`);
  return answer.json();
}

module.exports = { Channel, COLLEAGUE, PICTURE: SANDBOX_PICTURE, refused, witness };
