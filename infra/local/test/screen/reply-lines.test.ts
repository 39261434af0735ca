import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createReplyLines } from '../../src/screen/reply-lines.ts'
import type { Terminal } from '../../src/screen/terminal.ts'

function recorded() {
  const lines: string[] = []
  const plain = (text: string) => text
  const terminal: Terminal = {
    line: (text = '') => void lines.push(text),
    step: (_, work) => work(),
    green: plain,
    red: plain,
    dim: plain,
    bold: plain,
  }
  const print = createReplyLines(terminal)
  return { lines, print }
}

test('a reply cannot steer the terminal', () => {
  const { lines, print } = recorded()

  print({ chatId: '42', text: 'a\x1b[2Jb\r\nc\u202ed' })

  assert.deepEqual(lines, ['  ↩ reply to chat 42: a [2Jb  c d'])
})

test('a flood of replies is counted rather than printed', t => {
  t.mock.timers.enable({ apis: ['Date'] })
  const { lines, print } = recorded()

  for (let i = 0; i < 500; i++) print({ chatId: '1', text: 'x' })
  t.mock.timers.tick(1000)
  print({ chatId: '1', text: 'y' })

  assert.equal(lines.length, 12)
  assert.equal(lines.at(-2), '  … and 490 more replies')
})
