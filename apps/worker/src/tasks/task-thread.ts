import { buffersOf } from '@botyard/bot-kit'
import { guardPrototypes } from '@botyard/service-kit'
import { move, transferableSymbol, valueSymbol } from 'piscina'
import { resolveBotKit } from '../handlers/resolve-bot-kit.ts'
import { type ThreadAnswer, takeApart, type WatchedCall } from './thread-call.ts'

// What is done to the process does not reach into its threads.
guardPrototypes()
resolveBotKit()

/** Runs in the threads of the pool: calls the default export of a task's module. Never throws. */
export default async function callTask(call: WatchedCall): Promise<ThreadAnswer> {
  const { url, input, traceparent, begun } = call
  try {
    // Node keeps what it has loaded: a model is read once for each thread.
    const { default: task } = (await import(url)) as { default?: unknown }
    if (typeof task !== 'function') throw new TypeError('A task says: export default (input) => result')
    begun.postMessage(undefined)
    if (traceparent === undefined) return answer(await task(input))
    const { inTrace } = await import('@botyard/service-kit/tracing/in-thread')
    return answer(await inTrace(traceparent, () => task(input)))
  } catch (thrown) {
    return { error: takeApart(thrown) }
  }
}

function answer(result: unknown): ThreadAnswer {
  const buffers = buffersOf(result)
  if (buffers.length === 0) return { result }
  return move({
    [transferableSymbol]: buffers,
    [valueSymbol]: { result },
  } as never) as unknown as ThreadAnswer
}
