import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adapters } from '../../src/index.ts'
import { cutOff } from '../http/cut-off.ts'
import { webhookRequest } from '../http/webhook-request.ts'

const form = { 'content-type': 'application/x-www-form-urlencoded' }

function textOf(said: object) {
  const event = { type: 'message', channel: 'C1', user: 'U1', ts: '1.1', ...said }
  const body = { type: 'event_callback', team_id: 'T1', event_id: 'Ev1', event }
  return adapters.slack.normalise(webhookRequest(JSON.stringify(body)))[0]?.text
}

test('a text is what was typed: entities are characters, links and calls to all are as they were written', () => {
  for (const [text, typed] of [
    ['MSc &amp; MBA, a &lt; b', 'MSc & MBA, a < b'],
    ['&amp;lt; stays', '&lt; stays'],
    ['&quot; is no entity of Slack’s', '&quot; is no entity of Slack’s'],
    ['<@U2> and <@U2|ann> in <#C2|general>', '<@U2> and <@U2|ann> in <#C2|general>'],
    ['see <https://a.example/?a=1&amp;b=2>', 'see https://a.example/?a=1&b=2'],
    ['see <http://a.example|a.example>', 'see a.example'],
    ['to <mailto:a@b.example|a@b.example>', 'to a@b.example'],
    ['call <tel:+4915|+4915>', 'call +4915'],
    ['<https://a.example|the &lt;page&gt;>', 'the <page> (https://a.example)'],
    ['<!here> <!channel> <!everyone|@everyone>', '@here @channel @everyone'],
    ['<!subteam^S1|@ops> <!subteam^S2>', '@ops <!subteam^S2>'],
    ['<!date^1392734382^{date}|18 Feb 2014>', '18 Feb 2014'],
    ['/add <name>', '/add <name>'],
  ]) {
    assert.equal(textOf({ text }), typed)
  }
})

test('many marks that do not end do not hold everybody up', () => {
  const text = '<'.repeat(400_000)

  assert.equal(
    cutOff(() => textOf({ text })),
    text,
  )
})

test('a message of blocks alone has their text, and one with a text has that', () => {
  const mrkdwn = (text: string) => ({ type: 'mrkdwn', text })
  const plain = (text: string) => ({ type: 'plain_text', text })
  const rich = (...elements: object[]) => ({ type: 'rich_text', elements })
  const section = (...elements: object[]) => ({ type: 'rich_text_section', elements })
  const word = (text: string) => ({ type: 'text', text })

  assert.equal(textOf({ text: 'as text', blocks: [{ type: 'header', text: plain('as blocks') }] }), 'as text')
  for (const [blocks, text] of [
    [[{ type: 'section', text: mrkdwn('a &lt; <https://b.example>') }], 'a < https://b.example'],
    [[{ type: 'section', fields: [mrkdwn('one'), plain('t&amp;wo')] }], 'one\nt&wo'],
    [
      [
        { type: 'header', text: plain('Head') },
        { type: 'divider' },
        { type: 'context', elements: [mrkdwn('small'), { type: 'image', alt_text: 'a cat' }] },
      ],
      'Head\nsmall\na cat',
    ],
    [[{ type: 'markdown', text: '**bold** & <b>' }], '**bold** & <b>'],
    [
      [
        rich(
          section(
            { type: 'user', user_id: 'UBOT' },
            word(' a < b & c '),
            { type: 'link', url: 'https://c.example' },
            { type: 'emoji', name: 'tada' },
            { type: 'channel', channel_id: 'C2' },
            { type: 'broadcast', range: 'here' },
            { type: 'link', url: 'https://d.example', text: 'here' },
          ),
        ),
      ],
      '<@UBOT> a < b & c https://c.example:tada:<#C2>@herehere (https://d.example)',
    ],
    [
      [
        rich(
          section(word('Do:\n')),
          {
            type: 'rich_text_list',
            style: 'bullet',
            elements: [section(word('this')), section(word('that'))],
          },
          { type: 'rich_text_list', style: 'ordered', elements: [section(word('first'))] },
          { type: 'rich_text_quote', elements: [word('said')] },
          { type: 'rich_text_preformatted', elements: [word('x = 1')] },
        ),
      ],
      'Do:\n• this\n• that\n1. first\n> said\n```x = 1```',
    ],
    [
      [
        {
          type: 'table',
          rows: [
            [
              { type: 'raw_text', text: 'A' },
              { type: 'raw_number', value: 2, text: '2' },
            ],
          ],
        },
      ],
      'A\t2',
    ],
    [
      [
        {
          type: 'container',
          title: plain('Box'),
          child_blocks: [{ type: 'section', text: mrkdwn('in it') }],
        },
      ],
      'Box\nin it',
    ],
    [[{ type: 'actions', elements: [] }], undefined],
    [[null, 5, { type: 'of the future', text: 'x' }], undefined],
  ] as [unknown[], string | undefined][]) {
    assert.equal(textOf({ text: '', blocks }), text)
    assert.equal(textOf({ blocks }), text)
  }
})

test('blocks within blocks without end are read as far as people nest them', () => {
  const deep = `${'{"type":"container","child_blocks":['.repeat(20_000)}${']}'.repeat(20_000)}`
  const event = `{"type":"message","channel":"C1","ts":"1.1","blocks":[${deep}]}`
  const body = `{"type":"event_callback","event_id":"Ev1","event":${event}}`

  assert.equal(adapters.slack.normalise(webhookRequest(body))[0]?.text, undefined)
})

test('a message of attachments alone has the text that stands in for them', () => {
  assert.equal(
    textOf({ text: '', attachments: [{ fallback: 'build &lt;1&gt; failed', text: 'failed' }] }),
    'build <1> failed',
  )
  assert.equal(
    textOf({ attachments: [{ pretext: 'a', title: 'b', text: 'c' }, { fallback: 'd' }] }),
    'a\nb\nc\nd',
  )
  const blocks = [{ type: 'header', text: { type: 'plain_text', text: 'in blocks' } }]
  assert.equal(textOf({ attachments: [{ fallback: '[no preview available]', blocks }] }), 'in blocks')
})

test('an edit has the new text, a deletion none', () => {
  const message = { user: 'U1', ts: '1.1', text: 'a &amp; b' }
  assert.equal(textOf({ subtype: 'message_changed', message }), 'a & b')
  assert.equal(textOf({ subtype: 'message_deleted', previous_message: message }), undefined)
})

test('a slash command’s text is what was typed', () => {
  const body = String(
    new URLSearchParams({ command: '/add', text: 'R&amp;D &lt;x&gt; <@U2|ann>', team_id: 'T1' }),
  )

  assert.equal(adapters.slack.normalise(webhookRequest(body, form))[0]?.text, '/add R&D <x> <@U2|ann>')
})

function textOfPayload(payload: object) {
  const body = String(new URLSearchParams({ payload: JSON.stringify(payload) }))
  return adapters.slack.normalise(webhookRequest(body, form))[0]?.text
}

const option = (value: string) => ({ text: { type: 'plain_text', text: value.toUpperCase() }, value })
const richValue = {
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'rich & short' }] }],
}

const elements: [object, string | undefined][] = [
  [{ type: 'button', action_id: 'go' }, 'go'],
  [{ type: 'button', action_id: 'go', value: 'yes' }, 'yes'],
  [{ type: 'workflow_button', action_id: 'go' }, 'go'],
  [{ type: 'icon_button', action_id: 'go', icon: 'trash', value: 'drop' }, 'drop'],
  [{ type: 'feedback_buttons', action_id: 'fb', value: 'good' }, 'good'],
  [{ type: 'overflow', action_id: 'o', selected_option: option('more') }, 'more'],
  [{ type: 'static_select', action_id: 's', selected_option: option('a') }, 'a'],
  [{ type: 'external_select', action_id: 's', selected_option: null }, undefined],
  [{ type: 'multi_static_select', action_id: 's', selected_options: [option('a'), option('b')] }, 'a b'],
  [{ type: 'checkboxes', action_id: 'c', selected_options: [option('a'), option('b')] }, 'a b'],
  [{ type: 'checkboxes', action_id: 'c', selected_options: [] }, undefined],
  [{ type: 'radio_buttons', action_id: 'r', selected_option: option('b') }, 'b'],
  [{ type: 'users_select', action_id: 'u', selected_user: 'U2' }, 'U2'],
  [{ type: 'multi_users_select', action_id: 'u', selected_users: ['U2', 'U3'] }, 'U2 U3'],
  [{ type: 'channels_select', action_id: 'u', selected_channel: 'C2' }, 'C2'],
  [{ type: 'multi_conversations_select', action_id: 'u', selected_conversations: ['C2', 'D3'] }, 'C2 D3'],
  [{ type: 'datepicker', action_id: 'd', selected_date: '2026-11-28' }, '2026-11-28'],
  [{ type: 'datepicker', action_id: 'd', selected_date: null }, undefined],
  [{ type: 'timepicker', action_id: 't', selected_time: '21:30', timezone: 'Europe/Berlin' }, '21:30'],
  [{ type: 'datetimepicker', action_id: 'd', selected_date_time: 1628633820 }, '1628633820'],
  [{ type: 'plain_text_input', action_id: 'p', value: 'a & b' }, 'a & b'],
  [{ type: 'number_input', action_id: 'n', value: '42' }, '42'],
  [{ type: 'email_text_input', action_id: 'e', value: 'a@b.example' }, 'a@b.example'],
  [{ type: 'url_text_input', action_id: 'l', value: 'https://a.example' }, 'https://a.example'],
  [{ type: 'rich_text_input', action_id: 'x', rich_text_value: richValue }, 'rich & short'],
  [{ type: 'file_input', action_id: 'f', files: [{ id: 'F1', name: 'a.txt' }, { id: 'F2' }] }, 'F1 F2'],
]

for (const [element, text] of elements) {
  test(`the value of ${JSON.stringify(element)} is its text, in an action as in a view`, () => {
    assert.equal(textOfPayload({ type: 'block_actions', actions: [element] }), text)
    if ('action_id' in element && element.action_id === 'go') return
    assert.equal(
      textOfPayload({ type: 'view_submission', view: { state: { values: { b: { a: element } } } } }),
      text,
    )
  })
}
