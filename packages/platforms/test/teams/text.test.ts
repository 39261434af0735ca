import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adapters } from '../../src/index.ts'
import { cutOff } from '../http/cut-off.ts'
import { webhookRequest } from '../http/webhook-request.ts'
import { about } from './teams-call.ts'

function read(activity: object) {
  return adapters.teams.normalise(
    webhookRequest(JSON.stringify({ ...about, type: 'message', ...activity })),
  )[0]!
}

const mention = (id: string, name: string, text?: string) => ({
  type: 'mention',
  mentioned: { id, name },
  ...(text && { text }),
})

test('the mention of the bot is no part of the text, whether or not its entity has one', () => {
  const text = '<at>Bot</at> /help me'

  for (const entity of [mention('28:bot', 'Bot', '<at>Bot</at>'), mention('28:bot', 'Bot')]) {
    const { kind, text: typed } = read({ text, entities: [entity] })
    assert.deepEqual([kind, typed], ['command', '/help me'])
  }
})

test('the mention of somebody else is the name', () => {
  const entities = [mention('28:bot', 'Bot', '<at>Bot</at>'), mention('29:ann', 'Ann', '<at>Ann</at>')]

  assert.equal(read({ text: '<at>Bot</at> ask <at>Ann</at> for it', entities }).text, 'ask Ann for it')
  assert.equal(read({ text: 'ask <at>Ann</at>', entities: [mention('29:ann', 'Ann')] }).text, 'ask Ann')
})

test('entities of HTML are characters, unless the formatted text shows that they were typed', () => {
  const html = (content: string) => ({ attachments: [{ contentType: 'text/html', content }] })

  assert.equal(
    read({ text: 'a &amp; b &lt; c&nbsp;d &quot;e&quot; &#39;f&#39;' }).text,
    'a & b < c\u00a0d "e" \'f\'',
  )
  assert.equal(read({ text: 'a &lt; b', ...html('<p>a &lt; b</p>') }).text, 'a < b')
  assert.equal(read({ text: 'write &lt;', ...html('<p>write &amp;lt;</p>') }).text, 'write &lt;')
  assert.equal(read({ text: 'text <data>', textFormat: 'plain' }).text, 'text <data>')
})

test('a message of formatted text alone has its words and lines', () => {
  const html = (content: string, entities: object[] = []) =>
    read({ text: '', attachments: [{ contentType: 'text/html', content }], entities }).text
  const span = '<span itemscope="" itemtype="http://schema.skype.com/Mention" itemid="0">Bot</span>'

  assert.equal(html('<div><div>One &amp; <b>two</b></div><div>three</div></div>'), 'One & two\nthree')
  assert.equal(html('<p>a<br>b</p><ul><li>c</li></ul>'), 'a\nb\nc')
  assert.equal(html(`<p>${span}&nbsp;hi</p>`, [mention('28:bot', 'Bot')]), 'hi')
  assert.equal(html(`<p>ask ${span.replaceAll('Bot', 'Ann')}</p>`, [mention('29:ann', 'Ann')]), 'ask Ann')
  assert.equal(html(''), undefined)
  assert.equal(cutOff(() => html('<'.repeat(400_000)))?.length, 400_000)
})

test('a reply is shown as it was written, and a native message is sent as it is', async () => {
  const { textLimit, tooLong } = adapters.teams

  assert.equal(textLimit?.measure('😀'), 2)
  assert.equal(tooLong?.({ text: 'a'.repeat(50_000) }), undefined)
  assert.match(tooLong?.({ text: 'a'.repeat(60_000) }) ?? '', /100 KB/)
  const image = { contentType: 'image/png', contentUrl: `data:image/png;base64,${'A'.repeat(200_000)}` }
  assert.equal(tooLong?.({ attachments: [image] }), undefined)
})
