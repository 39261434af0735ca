import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutboundMessage } from '@botyard/queue-contracts'
import { adapters } from '../../src/index.ts'
import { asWritten } from '../../src/mattermost/as-written.ts'
import { quietText } from '../../src/mattermost/quiet-text.ts'
import { sendMattermost } from '../../src/mattermost/send.ts'
import { localServer } from '../http/local-server.ts'

/**
 * How the server finds mentions: https://github.com/mattermost/mattermost,
 * server/public/model/at_mentions.go.
 */
const mentioned = (text: string) =>
  text.match(/\B@[a-z0-9][a-z0-9.\-_:]*/gi)?.map(name => name.replace(/[.\-_:]+$/, '')) ?? []

test('a reply calls nobody by @all, @channel or @here, however it is written', () => {
  for (const text of ['@all', 'hi @Channel!', '(@HERE)', '@all. @here- @channel_', '**@all**', '@here:']) {
    const quiet = quietText(text)

    assert.deepEqual(mentioned(quiet), [], text)
    assert.equal(quiet.replaceAll('\u200b', ''), text)
  }
  for (const text of ['@ann and @allison', 'a@all.example', 'one\ntwo `x` <b> & *c*', '@heresy']) {
    assert.equal(quietText(text), text === 'a@all.example' ? 'a@\u200ball.example' : text)
  }
})

test('a plain text shows as it is: no sign of it is Markdown, a tag, an entity or an emoji', () => {
  const cases: [text: string, sent: string][] = [
    ['héllo, world! It is 5 > 4 (really) - fine.', 'héllo, world! It is 5 > 4 (really) - fine.'],
    ['**bold** _it_ `code` ~~no~~', '\\*\\*bold\\*\\* \\_it\\_ \\`code\\` \\~\\~no\\~\\~'],
    ['[a](https://e.com) <b>', '\\[a\\](https://e.com) &lt;b>'],
    // A backslash before a letter is shown, and so would be a second one.
    ['C:\\temp \\* \\\\ &amp; R&D', 'C:\\temp \\\\\\* \\\\\\\\ &amp;amp; R&D'],
    ['# a\n## b\n#tag', '\\# a\n\\#\\# b\n#tag'],
    ['> a\n- b\n1. d\n-5', '\\> a\n\\- b\n1\\. d\n-5'],
    ['  a\n\tb', '&nbsp;&nbsp;a\n&nbsp;&nbsp;&nbsp;&nbsp;b'],
    ['see https://e.com/a_b*c :tada: 10:30', 'see https://e.com/a_b*c :\u200btada: 10:30'],
  ]
  for (const [text, sent] of cases) assert.equal(asWritten(text), sent)
})

test('new and edited texts leave so; native posts as they are', async t => {
  const { origin, received, options } = await localServer(t, (_request, response) =>
    response.end('{"id":"post1"}'),
  )
  const message: OutboundMessage = {
    id: '1.0',
    bot: 'b',
    platform: 'mattermost',
    conversation: 't1/c1',
    text: 'not @all, _really_',
    receivedAtMs: 0,
  }
  const send = (change: object) =>
    sendMattermost({ ...message, ...change }, { url: origin, botToken: 'b' }, options)

  await send({})
  await send({ action: 'edit', message: 'post1' })
  await send({ native: { message: '@all' }, text: undefined })

  assert.deepEqual(
    received.map(({ body }) => JSON.parse(body).message),
    ['not @\u200ball, \\_really\\_', 'not @\u200ball, \\_really\\_', '@all'],
  )
})

test('a post has 16,383 characters, of which an emoji is one', () => {
  const { textLimit, tooLong } = adapters.mattermost

  assert.equal(textLimit?.max, 16_383)
  assert.equal(textLimit?.measure('😀@all'), 6)
  assert.equal(tooLong?.({ message: '😀'.repeat(16_383) }), undefined)
  assert.equal(
    tooLong?.({ message: 'a'.repeat(16_384) }),
    '`message` has 16384 characters, and Mattermost takes 16383',
  )
  assert.equal(tooLong?.({ props: {} }), undefined)
})
