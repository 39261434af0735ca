import assert from 'node:assert/strict'
import { test } from 'node:test'
import { followMove, type Move } from '../../cli/move.ts'

test('a move is followed to its end, with a line whenever something has changed', async () => {
  const looks = [
    look({ step: 'check' }),
    look({ step: 'copy' }, { rows: 90, copiedRows: 30, tables: 4, tablesReady: 1, lagBytes: 512 }),
    look({ step: 'copy' }, { rows: 90, copiedRows: 30, tables: 4, tablesReady: 1, lagBytes: 512 }),
    look({ step: 'fence' }, { attempts: 2 }),
    look({ step: 'clean', state: 'done' }, { pauseMs: 41, rowsCompared: 90, deletedRows: 90 }),
  ]

  const { lines, move } = await follow(looks)

  assert.deepEqual(lines, [
    '35b79d40f8 running: check',
    '35b79d40f8 running: copy, about 30 of 90 rows copied, 1 of 4 tables ready, 512 bytes behind',
    '35b79d40f8 running: fence, try 2',
    '35b79d40f8 done, writes paused for 41 ms, 90 rows compared, 90 rows deleted at the source',
  ])
  assert.equal(move, looks.at(-1))
})

test('a move that is cancelled is followed until it has ended, and one that failed says why', async () => {
  const cancelled = await follow([look({ state: 'cancelling' }), look({ state: 'cancelled' })])
  const failed = await follow([look({ state: 'failed', error: 'the target is full' })])

  assert.deepEqual(cancelled.lines, ['35b79d40f8 cancelling', '35b79d40f8 cancelled'])
  assert.deepEqual(failed.lines, ['35b79d40f8 failed, the target is full'])
})

/** Follows a move that looks like `looks`, one after the other. */
async function follow(looks: Move[]) {
  const left = [...looks]
  const lines: string[] = []
  const api = {
    get: async <Answer>(path: string) => {
      assert.equal(path, '/shards/moves/35b79d40f8')
      return left.shift() as Answer
    },
  }
  const move = await followMove(
    api,
    '35b79d40f8',
    line => lines.push(line),
    async () => {},
  )
  assert.deepEqual(left, [])
  return { lines, move }
}

function look(changed: Partial<Move>, progress: Partial<Move['progress']> = {}): Move {
  const nothingYet = { rows: 0, copiedRows: 0, copiedBytes: 0, tables: 0, tablesReady: 0 }
  return {
    id: '35b79d40f8',
    source: 'shard-1',
    target: 'shard-2',
    from: '0',
    to: '1',
    step: 'check',
    state: 'running',
    error: null,
    ...changed,
    progress: { ...nothingYet, ...progress },
  }
}
