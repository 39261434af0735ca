import assert from 'node:assert/strict'
import { test } from 'node:test'
import { helpOf, readCommandLine } from '../../src/shared/command-line.ts'
import { choice, choices, flag, number, seed } from '../../src/shared/options.ts'
import { defineScenario, type Kind } from '../../src/shared/scenario.ts'

const jump = defineScenario({
  summary: 'jumps over things.',
  clean: 'nothing was touched.',
  options: {
    height: number('cm to jump', { default: 50 }),
    speed: number('m/s before it', { default: 1.5, min: 0, fractions: true }),
    style: choice('how', { of: ['flop', 'straddle'], default: 'flop' }),
    over: choices('what', { of: ['bar', 'box', 'stream'], all: 'all' }),
    film: flag('keep pictures'),
  },
  run: async () => ({ problems: [] }),
})
const wait = defineScenario({
  summary: 'waits.',
  clean: 'time passed.',
  options: { minutes: number('how long', { default: 1, min: 0 }), seed: seed('as an earlier run') },
  run: async () => ({ problems: [] }),
})
const kind: Kind = { name: 'sport', summary: 'Sports.', scenarios: { jump, wait } }

test('a scenario gets what the command line says, and defaults for the rest', () => {
  const asked = read(['jump', '--speed', '0.5', '--over', 'stream,bar', '--film'])

  assert.equal(asked.name, 'jump')
  assert.equal(asked.scenario, jump)
  assert.equal(asked.json, false)
  assert.deepEqual(asked.values, {
    height: 50,
    speed: 0.5,
    style: 'flop',
    over: ['bar', 'stream'],
    film: true,
  })
  assert.deepEqual(read(['jump']).values.over, ['bar', 'box', 'stream'])
})

test('the scenario by default needs no name', () => {
  assert.equal(read(['--json'], { ...kind, byDefault: 'wait' }).scenario, wait)
  assert.equal(read(['--json'], { ...kind, byDefault: 'wait' }).json, true)
})

test('the command of a run repeats it, with what chance decided', () => {
  const { command, values } = read(['wait', '--minutes', '0'])

  assert.equal(command, `npm run sport -- wait --minutes 0 --seed ${values.seed}`)
  assert.equal(read(['jump', '--film', '--over', 'bar']).command, 'npm run sport -- jump --over bar --film')
})

test('a command line that makes no sense is answered with what is wrong', () => {
  for (const [args, complaint] of [
    [[], 'Name one of: jump, wait.'],
    [['fly'], "There are: jump, wait. Not 'fly'."],
    [['constructor'], "There are: jump, wait. Not 'constructor'."],
    [['jump', 'wait'], "One at a time: jump. Not 'wait' too."],
    [['jump', '--minutes', '1'], '--minutes is no option of jump'],
    [['jump', '--hight', '1'], "Unknown option '--hight'"],
    [['jump', '--height', '1.5'], "--height takes a whole number from 1, not '1.5'"],
    [['jump', '--speed', '-1'], "Option '--speed' argument is ambiguous"],
    [['jump', '--speed', ''], "--speed takes a number from 0, not ''"],
    [['jump', '--speed', 'Infinity'], "--speed takes a number from 0, not 'Infinity'"],
    [['jump', '--style', 'roll'], "--style takes flop, straddle, not 'roll'"],
    [['jump', '--over', 'bar,wall'], "--over takes bar, box, stream or all, not 'bar,wall'"],
    [['wait', '--seed', ''], "--seed takes a whole number from 0, not ''"],
  ] as const) {
    assert.throws(
      () => read(args),
      ({ code, message }: Error & { code: string }) => code === 'HRN_USAGE' && message.startsWith(complaint),
      complaint,
    )
  }
})

test('help names every scenario with its options and their defaults, or the one that is asked for', () => {
  const help = helpOf(kind)

  assert.match(help, /^Usage: npm run sport -- jump\|wait \[options\]\n\nSports\.\n/)
  assert.match(help, /^jump jumps over things\.$/m)
  assert.match(help, /^ {2}--height <n> +cm to jump \(50\)$/m)
  assert.match(help, /^ {2}--film +keep pictures$/m)
  assert.match(help, /^ {2}--seed <n> +as an earlier run \(random\)$/m)
  assert.match(help, /^ {2}--json +print the report as JSON/m)
  assert.match(help, /^Exit code: 0 clean; /m)
  assert.deepEqual(readCommandLine(['-h'], kind), { help })
  const one = readCommandLine(['wait', '--help'], kind) as { help: string }
  assert.match(one.help, /^Usage: npm run sport -- wait \[options\]/)
  assert.doesNotMatch(one.help, /--height/)
})

function read(args: readonly string[], of = kind) {
  const asked = readCommandLine(args, of)
  if ('help' in asked) assert.fail('it was taken for a call for help')
  return asked
}
