import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { createLatch } from '@botyard/testkit'
import { rig, until } from '../helper.ts'
import { createLines } from '../lines.ts'
import { serveFiles } from './file-server.ts'

const mebibyte = 1024 ** 2

test('a file of 256 MiB is read line by line, and never is half of it in memory', async t => {
  const count = 4 * mebibyte
  const { host } = await serveFiles(t, (_request, response) => void createLines(count).body.pipe(response))
  const reader = fork(new URL('./download-process.ts', import.meta.url), [`http://${host}/`], {
    execArgv: [],
  })
  t.after(() => reader.kill())

  const [{ lines, max }] = await once(reader, 'message')

  assert.equal(lines, count)
  assert.ok(max < 128 * mebibyte, `${Math.round(max / mebibyte)} MiB`)
})

test('a file that comes faster than it is read lets everything else have its turn', async t => {
  const { download } = await serveFiles(
    t,
    (_request, response) => void createLines(mebibyte / 4).body.pipe(response),
  )
  let turns = 0
  const count = () => {
    turns++
    turn = setImmediate(count)
  }
  let turn = setImmediate(count)
  t.after(() => clearImmediate(turn))
  let lines = 0
  let turnsOfOthers = 0

  for await (const _ of download().lines()) {
    // 64 KiB in one piece take some milliseconds here: so a turn of the event loop belongs between two.
    if (++lines % 1024 === 0) for (const until = performance.now() + 3; performance.now() < until; );
    if (lines % 10_240 === 0) {
      assert.ok(turns > turnsOfOthers, `no turn until line ${lines}`)
      turnsOfOthers = turns
    }
  }

  assert.equal(lines, mebibyte / 4)
})

test('a reader that pauses holds the server up: what it has not read is not fetched', async t => {
  const { body, progress } = createLines(4 * mebibyte)
  const held = createLatch()
  const { download } = await serveFiles(t, (_request, response) => {
    body.pipe(response)
    // Piping pauses its source for good when nothing is taken any more.
    body.on('pause', () => response.writableNeedDrain && held.open())
  })
  const lines = download().lines()[Symbol.asyncIterator]()

  await lines.next()
  await held.wait()
  let made = -1
  while (made !== progress.made) {
    made = progress.made
    await new Promise(resolve => setTimeout(resolve, 50))
  }

  assert.ok(made < 32 * mebibyte, `${Math.round(made / mebibyte)} MiB`)
  await lines.return?.()
})

test('nothing is asked for before the first read, and headers are sent along', async t => {
  const asked: (string | undefined)[] = []
  const { download } = await serveFiles(t, (request, response) => {
    asked.push(request.headers.authorization)
    response.end('content')
  })
  const file = download('/', { headers: { authorization: 'Bearer x' } })
  assert.deepEqual(asked, [])

  const pieces = await Array.fromAsync<Uint8Array>(file)

  assert.equal(Buffer.concat(pieces).toString(), 'content')
  assert.deepEqual(asked, ['Bearer x'])
})

test('a file that is too large fails: at once if it says so, else when it is', async t => {
  const { download } = await serveFiles(t, (request, response) => {
    if (request.url === '/declared') response.setHeader('content-length', 100)
    response.write('x'.repeat(10))
    response.end('x'.repeat(90))
  })
  const read = async (path: string, maxBytes: number) => {
    let bytes = 0
    for await (const piece of download(path, { maxBytes })) bytes += piece.length
    return bytes
  }

  assert.equal(await read('/declared', 100), 100)
  await assert.rejects(read('/declared', 99), { code: 'BOT_DOWNLOAD_TOO_LARGE', maxBytes: 99 })
  await assert.rejects(read('/chunked', 99), { code: 'BOT_DOWNLOAD_TOO_LARGE', maxBytes: 99 })
})

test('an abort ends a download within it, with the reason of the signal, and the connection with it', async t => {
  const responses: ServerResponse[] = []
  const { download } = await serveFiles(t, (_request, response) => {
    responses.push(response)
    response.write('begin')
  })
  const stop = new AbortController()
  const pieces = download('/', { signal: stop.signal })[Symbol.asyncIterator]()
  await pieces.next()
  const next = pieces.next()

  stop.abort(new Error('enough'))

  await assert.rejects(next, { message: 'enough' })
  if (!responses[0]!.destroyed) await once(responses[0]!, 'close')
})

test('leaving the loop ends the connection', async t => {
  const responses: ServerResponse[] = []
  const { download } = await serveFiles(t, (_request, response) => {
    responses.push(response)
    response.write('one\ntwo\n')
  })

  for await (const line of download().lines()) {
    assert.equal(line, 'one')
    break
  }

  if (!responses[0]!.destroyed) await once(responses[0]!, 'close')
})

test('an answer that is no file fails with its status: errors, redirects, compressed ones', async t => {
  const { host, download } = await serveFiles(t, (request, response) => {
    const status = Number(request.url?.slice(1, 4))
    const encoding = status === 200 ? { 'content-encoding': 'gzip' } : {}
    response.writeHead(status, { location: '/200', ...encoding }).end('not the file')
  })

  for (const status of [404, 302, 206, 500]) {
    await assert.rejects(Array.fromAsync(download(`/${status}?secret`)), {
      code: 'BOT_DOWNLOAD',
      status,
      message: `${host} answered ${status}`,
    })
  }
  await assert.rejects(Array.fromAsync(download('/200')), {
    code: 'BOT_DOWNLOAD',
    message: /compressed \(gzip\)/,
  })
})

test('a file that ends too early is broken, not short', async t => {
  const { download } = await serveFiles(t, (request, response) => {
    if (request.url === '/declared') response.setHeader('content-length', 100)
    response.write('x', () => response.destroy())
  })

  for (const path of ['/declared', '/chunked']) {
    await assert.rejects(Array.fromAsync(download(path)), { code: 'BOT_DOWNLOAD', status: undefined })
  }
})

test('an address that bots may not call is refused, and no error shows more of it than the host', async t => {
  const { host, download } = await serveFiles(t, () => assert.fail('it was called'), { allow: [] })

  await assert.rejects(Array.fromAsync(download('/bot1:secret/file')), (error: Error & { code: string }) => {
    assert.equal(error.code, 'BOT_DOWNLOAD')
    assert.equal((error.cause as { code: string }).code, 'OUT_TARGET_REFUSED')
    assert.ok(error.message.includes(host) && !error.message.includes('secret'))
    return true
  })
})

test("a bot reads a user's file while its conversation's update is handled", async t => {
  const { host } = await serveFiles(t, (_request, response) => response.end('tea;2\ncake;3\n'))
  const { start, deliver, api } = await rig(t, {
    bot: {
      async onMessage(ctx) {
        let sum = 0
        for await (const line of ctx.download(ctx.text).lines()) sum += Number(line.split(';')[1])
        ctx.reply(`${sum}`)
      },
    },
  })
  await start()

  await deliver(7, `http://${host}/list.csv`)
  await until(() => api.sent.length === 1)

  assert.deepEqual(api.textsOf(7), ['5'])
})
