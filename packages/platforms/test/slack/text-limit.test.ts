import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adapters } from '../../src/index.ts'

const { textLimit, tooLong } = adapters.slack

test('a text is as long as what is sent, with its escapes', () => {
  assert.equal(textLimit?.max, 4000)
  assert.equal(textLimit?.measure('a & <b>'), 'a &amp; &lt;b&gt;'.length)
  assert.equal(textLimit?.measure('😀'), 2)
})

test('a native message is too long by what Slack cuts or refuses, and says where', () => {
  const section = (length: number) => ({
    type: 'section',
    text: { type: 'mrkdwn', text: 'a'.repeat(length) },
  })
  const said = (native: object) => tooLong?.(native as Record<string, unknown>)

  assert.equal(said({ text: 'a'.repeat(40_000), blocks: Array(50).fill(section(3_000)) }), undefined)
  assert.equal(said({ text: 'a'.repeat(40_001) }), '`text` has 40001 characters, and Slack keeps 40000')
  assert.equal(
    said({ markdown_text: 'a'.repeat(12_001) }),
    '`markdown_text` has 12001 characters, and Slack takes 12000',
  )
  assert.equal(said({ blocks: Array(51).fill(section(1)) }), '`blocks` has 51 blocks, and Slack takes 50')
  assert.equal(
    said({ blocks: [section(1), section(3_001)] }),
    '`blocks.1.text` has 3001 characters, and Slack takes 3000',
  )
  assert.equal(
    said({ blocks: [{ type: 'section', fields: [{ type: 'mrkdwn', text: 'a'.repeat(2_001) }] }] }),
    '`blocks.0.fields.0` has 2001 characters, and Slack takes 2000',
  )
  assert.equal(
    said({ blocks: [{ type: 'header', text: { type: 'plain_text', text: 'a'.repeat(151) } }] }),
    '`blocks.0.text` has 151 characters, and Slack takes 150',
  )
  const markdown = { type: 'markdown', text: 'a'.repeat(6_001) }
  assert.equal(
    said({ blocks: [markdown, markdown] }),
    'the markdown blocks have 12002 characters, and Slack takes 12000',
  )
  assert.equal(said({ blocks: [null, 'x', {}], text: 5 }), undefined)
})
