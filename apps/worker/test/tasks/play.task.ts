import { setTimeout as pause } from 'node:timers/promises'
import { threadId } from 'node:worker_threads'
import { handOver } from '@botyard/bot-kit'

/** What a test has a thread do. */
export type Play =
  | { do: 'echo'; value: unknown }
  | { do: 'thread' }
  | { do: 'wait'; ms: number }
  | { do: 'spin'; ms: number }
  | { do: 'throw' }
  | { do: 'throw later' }
  | { do: 'exit' }
  | { do: 'fill the memory' }
  | { do: 'return a function' }
  | { do: 'hand over'; bytes: Uint8Array<ArrayBuffer> }
  | { do: 'gate'; gate: Int32Array<SharedArrayBuffer> }

class KitchenError extends Error {
  readonly code = 'KITCHEN_CLOSED'
}

let kept: Uint8Array<ArrayBuffer> | undefined

export default async function play(input: Play): Promise<unknown> {
  switch (input.do) {
    case 'echo':
      return input.value
    case 'thread':
      return threadId
    case 'wait':
      return await pause(input.ms, 'waited')
    case 'spin': {
      const end = performance.now() + input.ms
      while (performance.now() < end);
      return 'spun'
    }
    case 'throw':
      throw new KitchenError('the kitchen is closed')
    case 'throw later':
      setTimeout(() => {
        throw new Error('left behind')
      })
      return await pause(60_000)
    case 'exit':
      return process.exit(0)
    case 'fill the memory': {
      const all: number[][] = []
      for (;;) all.push(new Array(100_000).fill(all.length))
    }
    case 'return a function':
      return () => 'no'
    case 'hand over': {
      // What the last call handed over is gone from here.
      const before = kept?.byteLength
      kept = input.bytes
      return handOver({ before, bytes: input.bytes }, [input.bytes.buffer])
    }
    case 'gate':
      // Tells that it has begun, then blocks the thread until the gate opens.
      Atomics.store(input.gate, 1, 1)
      Atomics.notify(input.gate, 1)
      Atomics.wait(input.gate, 0, 0)
      return 'through'
  }
}
