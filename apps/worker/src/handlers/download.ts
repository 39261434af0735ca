import { setImmediate as nextTurn } from 'node:timers/promises'
import { createDownload, DownloadError, DownloadTooLargeError, type OpenDownload } from '@botyard/bot-kit'
import type { Dispatcher } from 'undici'

const defaultMaxBytes = 1024 ** 3

/**
 * Without an answer, or without anything more of the file, for so long it is broken, ms. A slow reader is
 * not.
 */
const silenceMs = 30_000

/**
 * A file that comes faster than it is read would never let go of the event loop: everything else has its turn
 * after so long, ms.
 */
const turnMs = 2

/**
 * `ctx.download`: asks when it is first read, follows no redirect, and reads from the network only as fast as
 * the bot does. The connection ends with the loop, however that ends. Address and headers may hold secrets:
 * no error shows more than the host.
 */
export function createDownloads(dispatcher: Dispatcher): OpenDownload {
  return (address, options) => createDownload(bytesOf(dispatcher, URL.parse(String(address)), options))
}

async function* bytesOf(
  dispatcher: Dispatcher,
  url: URL | null,
  { headers = {}, maxBytes = defaultMaxBytes, signal }: Parameters<OpenDownload>[1],
): AsyncGenerator<Buffer> {
  if (url === null) throw new DownloadError('There is no such address')
  try {
    const { body, declared } = await request(dispatcher, url, headers, signal)
    let bytes = 0
    let turnedAt = performance.now()
    // Leaving the loop, by break or error, destroys the body and its connection.
    for await (const chunk of body) {
      bytes += chunk.length
      if (Math.max(bytes, declared) > maxBytes) throw new DownloadTooLargeError('file', maxBytes)
      yield chunk
      if (performance.now() - turnedAt < turnMs) continue
      await nextTurn()
      turnedAt = performance.now()
    }
  } catch (cause) {
    if (signal.aborted) throw signal.reason
    if (cause instanceof DownloadError || cause instanceof DownloadTooLargeError) throw cause
    throw new DownloadError(`The download from ${url.host} broke off: ${(cause as Error).message}`, { cause })
  }
}

async function request(
  dispatcher: Dispatcher,
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
) {
  const { origin, pathname, search } = url
  const answer = await dispatcher.request({
    ...{ origin, path: pathname + search, method: 'GET', signal },
    headers: { ...headers, 'accept-encoding': 'identity' },
    headersTimeout: silenceMs,
    bodyTimeout: silenceMs,
  })
  const { statusCode: status, body } = answer
  const encoding = answer.headers['content-encoding'] ?? 'identity'
  if (status !== 200 || encoding !== 'identity') {
    // Destroyed before its end the body emits an error.
    body.on('error', () => undefined).destroy()
    const why = status === 200 ? `sends the file compressed (${encoding})` : `answered ${status}`
    throw new DownloadError(`${url.host} ${why}`, { status })
  }
  return { body: body as AsyncIterable<Buffer>, declared: Number(answer.headers['content-length'] ?? 0) }
}
