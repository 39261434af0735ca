import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createLatch, startProcess, type TestProcess } from '@botyard/testkit'
import { readPlan } from '../src/plan.ts'

const main = join(import.meta.dirname, '..', 'src', 'main.ts')
/** Releases whose name begins so are never ready. */
const bad = 'bad'

test('an app is rolled one instance after the other: drain, replace, ready, admit', async t => {
  const machines = await build(t, ['gw-1', 'gw-2'])

  const { code, text } = await machines.roll('gateway', 'v2')

  assert.equal(code, 0, text)
  assert.deepEqual(machines.log(), [
    ...['drain gw-1 v1→v2', 'replace gw-1 v1→v2', 'ready gw-1', 'ready gw-1', 'admit gw-1 v1→v2'],
    ...['drain gw-2 v1→v2', 'replace gw-2 v1→v2', 'ready gw-2', 'ready gw-2', 'admit gw-2 v1→v2'],
  ])
  assert.match(
    text,
    /Done: v2 runs everywhere\.\n {2}gateway gw-1: v1 → v2: rolled\n {2}gateway gw-2: v1 → v2: rolled/,
  )
})

test('several apps go workers, gateways, admin, however they are named', async t => {
  const machines = await build(t, ['one'])

  const { code } = await machines.roll('admin gateway worker', 'v2')

  assert.equal(code, 0)
  const replaced = machines.said.filter(line => line.endsWith(': replace'))
  assert.deepEqual(replaced, ['worker one: replace', 'gateway one: replace', 'admin one: replace'])
})

test('a release that does not become ready is taken back, there and on those rolled before, the newest first', async t => {
  const machines = await build(t, ['gw-1', 'gw-2', 'gw-3'], { readyUntil: 2 })

  const { code, text } = await machines.roll('gateway', 'v2')

  assert.equal(code, 1, text)
  const replaced = machines.log().filter(line => line.startsWith('replace'))
  assert.deepEqual(replaced, [
    ...['replace gw-1 v1→v2', 'replace gw-2 v1→v2', 'replace gw-3 v1→v2'],
    ...['replace gw-3 v2→v1', 'replace gw-2 v2→v1', 'replace gw-1 v2→v1'],
  ])
  assert.equal(machines.log().at(-1), 'admit gw-1 v2→v1')
  assert.match(text, /Failed: v2 was taken back\./)
  assert.match(text, /gw-3 is not ready within 300 ms: \/ready answers 503 not yet/)
  for (const name of ['gw-1', 'gw-2', 'gw-3']) assert.match(text, new RegExp(`${name}: v1 → v2: rolled back`))
})

test('where the former release is not ready either, the instances that serve are left alone', async t => {
  const machines = await build(t, ['gw-1', 'gw-2'], { readyUntil: 1, breaks: true })

  const { code, text } = await machines.roll('gateway', 'v2')

  assert.equal(code, 3, text)
  assert.equal(machines.release('gw-1'), 'v2')
  assert.match(text, /gw-1: v1 → v2: rolled\n {2}gateway gw-2: v1 → v2: out of service/)
  assert.match(text, /not back either: .*; 1 that run v2 and are ready were left as they are/)
})

test('a command that fails is told with what it printed, and the instance goes back', async t => {
  const machines = await build(t, ['gw-1', 'gw-2'], {
    replace: '[ "$RELEASE" = v1 ] || { echo disk full >&2; exit 7; }',
  })

  const { code, text } = await machines.roll('gateway', 'v2')

  assert.equal(code, 1, text)
  assert.match(text, /replace of gw-1 failed .*:\ndisk full/)
  assert.match(text, /gw-1: v1 → v2: rolled back\n {2}gateway gw-2: v1 → v2: untouched/s)
})

test('an instance that could not be drained is not replaced', async t => {
  const machines = await build(t, ['gw-1'], { drain: 'exit 1' })

  const { code, text } = await machines.roll('gateway', 'v2')

  assert.equal(code, 1, text)
  assert.deepEqual(machines.log(), ['admit gw-1 v2→v1'])
  assert.equal(machines.release('gw-1'), 'v1')
})

test('a replacement that changes nothing is found out, though the old process is ready', async t => {
  const machines = await build(t, ['gw-1'], { replace: ':' })

  const { code, text } = await machines.roll('gateway', 'v2')

  assert.equal(code, 1, text)
  assert.match(text, /gw-1 is ready, but runs v1 after it was replaced/)
})

test('Ctrl-C lets the command under way end, tells where all stands, and the same command goes on', async t => {
  const machines = await build(t, ['gw-1', 'gw-2'], { replaceWaits: 'gw-2' })
  const child = await machines.start('gateway', 'v2')
  await machines.waiting()

  process.kill(child.pid, 'SIGINT')
  await child.waitForLine('Stopping when the command under way has ended')
  machines.letGo()
  const { code } = await child.exited
  const text = child.lines.join('\n')

  assert.equal(code, 130, text)
  assert.match(text, /gw-1: v1 → v2: rolled\n {2}gateway gw-2: v1 → v2: replaced, not ready yet/)
  assert.equal(machines.release('gw-2'), 'v2')
  const before = machines.log().length
  const again = await machines.roll('gateway', 'v2')
  assert.equal(again.code, 0, again.text)
  assert.match(again.text, /gw-1: v2 → v2: there already/)
  // Where it was stopped the second one was still drained.
  const done = machines
    .log()
    .slice(before)
    .filter(line => !line.startsWith('ready'))
  assert.deepEqual(done, ['admit gw-1 v2→v2', 'admit gw-2 v2→v2'])
})

test('no instance is drained while one that is there already cannot be given its calls back', async t => {
  const machines = await build(t, ['gw-1', 'gw-2'], { admit: 'exit 1' })
  writeFileSync(join(machines.dir, 'gw-1'), 'v2')

  const { code, text } = await machines.roll('gateway', 'v2')

  assert.equal(code, 3, text)
  assert.match(text, /admit of gw-1 failed.*no other instance was touched/s)
  assert.deepEqual(machines.log(), [])
  assert.equal(machines.release('gw-2'), 'v1')
})

test('nothing is done with a plan that is wrong, an instance that cannot be asked, or an app that it lacks', async t => {
  const machines = await build(t, ['gw-1'])
  const plan = join(machines.dir, 'wrong.json')
  const ready = { successes: 0, everyMs: 10, withinMs: 10 }
  const app = { instances: [{ name: 'a', readyUrl: 'ftp://a' }], current: 'c', replace: 'r', ready, extra: 1 }
  writeFileSync(plan, JSON.stringify({ apps: { gateway: app } }))

  const wrong = await machines.roll('gateway', 'v2', plan)
  assert.equal(wrong.code, 2)
  assert.match(wrong.text, /wrong\.json is no plan:/)
  assert.match(wrong.text, /\/apps\/gateway\/ready\/successes must be >= 1/)
  assert.match(wrong.text, /\/apps\/gateway\/instances\/0\/readyUrl must match pattern/)
  assert.match(wrong.text, /\/apps\/gateway must not have additional properties: extra/)

  const broken = await build(t, ['gw-1'], { current: 'exit 1' })
  const unasked = await broken.roll('gateway', 'v2')
  assert.equal(unasked.code, 2)
  assert.match(unasked.text, /Nothing was done: current of gw-1 failed/)

  const nobody = await machines.roll('postman', 'v2')
  assert.equal(nobody.code, 2)
  assert.match(nobody.text, /There is no app postman/)
  assert.deepEqual(machines.log(), [])
})

test('the plan of the example is one', () => {
  const plan = readPlan(join(import.meta.dirname, '..', 'example', 'rollout.json'))

  assert.deepEqual(Object.keys(plan.apps), ['worker', 'gateway', 'admin'])
})

interface Options {
  /** More instances than this are not ready on another release than v1. */
  readyUntil?: number
  /** The instance that is not ready then is not ready on v1 either. */
  breaks?: boolean
  /** Its replacement waits until it is let go. */
  replaceWaits?: string
  drain?: string
  admit?: string
  replace?: string
  current?: string
}

/** Machines: a file each that names its release, and a server that says whether that is ready. */
async function build(t: TestContext, names: readonly string[], options: Options = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'botyard-rollout-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const release = (name: string) => readFileSync(join(dir, name), 'utf8').trim()
  const logFile = join(dir, 'log')
  writeFileSync(logFile, '')
  for (const name of names) writeFileSync(join(dir, name), 'v1')
  const waiting = createLatch()
  const letGo = createLatch()
  let isRolling = false
  const newest = () => names.filter(name => release(name) !== 'v1').length
  let failed: string | undefined
  const server = createServer(async (request, response) => {
    const [, what, name = ''] = request.url!.split('/')
    if (what === 'wait') {
      if (name === options.replaceWaits) {
        waiting.open()
        await letGo.wait()
      }
      return response.end()
    }
    if (release(name) !== 'v1' && newest() > (options.readyUntil ?? 9)) failed ??= name
    const isBad = failed === name && (release(name) !== 'v1' || options.breaks)
    if (!isBad && isRolling && failed === undefined && drainedOrReplaced(name))
      writeFileSync(logFile, `ready ${name}\n`, { flag: 'a' })
    return response
      .writeHead(isBad || release(name).startsWith(bad) ? 503 : 200)
      .end(isBad ? 'not yet' : 'ok')
  }).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await new Promise(resolve => server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`
  const drainedOrReplaced = (name: string) => readFileSync(logFile, 'utf8').includes(`replace ${name}`)

  const log = (what: string) => `echo "${what} $INSTANCE $PREVIOUS→$RELEASE" >> ${logFile}`
  const curl = `${process.execPath} -e "fetch('${url}/wait/'+process.env.INSTANCE).then(r=>r.text())"`
  const app = {
    instances: names.map(name => ({ name, readyUrl: `${url}/ready/${name}` })),
    current: options.current ?? `cat ${dir}/$INSTANCE`,
    drain: options.drain ?? log('drain'),
    replace: `${log('replace')}; ${options.replaceWaits ? `${curl}; ` : ''}${options.replace ?? `echo $RELEASE > ${dir}/$INSTANCE`}`,
    admit: options.admit ?? log('admit'),
    ready: { successes: 2, everyMs: 10, withinMs: 300 },
  }
  const planFile = join(dir, 'plan.json')
  writeFileSync(planFile, JSON.stringify({ apps: { worker: app, gateway: app, admin: app } }))
  const said: string[] = []
  const start = async (apps: string, to: string, plan = planFile): Promise<TestProcess> => {
    isRolling = true
    const child = await startProcess(main, { args: [...apps.split(' '), '--release', to, '--plan', plan] })
    t.after(() => child.kill())
    return child
  }
  return {
    ...{ dir, release, start, said, waiting: () => waiting.wait(), letGo: () => letGo.open() },
    log: () => readFileSync(logFile, 'utf8').split('\n').filter(Boolean),
    async roll(apps: string, to: string, plan = planFile) {
      const child = await start(apps, to, plan)
      const { code } = await child.exited
      said.push(...child.lines)
      return { code, text: child.lines.join('\n') }
    },
  }
}
