import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Transferable } from 'node:worker_threads'
import { BotDefinitionError } from './errors.ts'

declare const signature: unique symbol

/**
 * A module whose default export is a function of one input, for `ctx.run`: it runs in a thread, not beside
 * the handlers.
 */
export interface Task<In, Out> {
  /** The module's file: address. */
  readonly url: string
  /** The file's name without `.task.ts`, for logs and metrics. */
  readonly name: string
  /** For the compiler alone. */
  readonly [signature]?: (input: In) => Out
}

/** How one call of a task is to be run. */
export interface RunOptions {
  /** Time of the function, ms: neither waiting nor the loading of its module; default `CPU_TIMEOUT_MS`. */
  readonly timeoutMs?: number
  /** Ends the call, as `ctx.signal` always does. */
  readonly signal?: AbortSignal
  /**
   * Buffers of the input that are moved to the thread instead of copied: the handler cannot use them any
   * more.
   */
  readonly transfer?: readonly Transferable[]
}

/** Runs a task in a thread; what `ctx.run` is made of. */
export type RunTask = <In, Out>(
  task: Task<In, Out>,
  input: In,
  options: RunOptions & { readonly signal: AbortSignal },
) => Promise<Out>

/**
 * Names a task by its module, which only the threads load. Input and output have the types of its function.
 * Throws `BotDefinitionError` if there is no such file.
 *
 * ```ts
 * import type score from './chess/score.task.ts' // export default (board: string): number => …
 *
 * const scoreBoard = defineTask<typeof score>(new URL('./chess/score.task.ts', import.meta.url))
 * const points = await ctx.run(scoreBoard, board)
 * ```
 */
export function defineTask<F extends (input: never) => unknown>(
  module: URL,
): Task<Parameters<F>[0], Awaited<ReturnType<F>>> {
  if (!(module instanceof URL) || module.protocol !== 'file:') {
    throw new BotDefinitionError(
      "A task is a file beside its bot: new URL('./name.task.ts', import.meta.url)",
    )
  }
  const file = fileURLToPath(module)
  if (!existsSync(file)) throw new BotDefinitionError(`There is no file of this task: ${file}`)
  return Object.freeze({ url: module.href, name: basename(file).replace(/(\.task)?\.[cm]?[jt]s$/, '') })
}

const handedOver = new WeakMap<object, readonly Transferable[]>()

/**
 * For tasks: returns `result`, and has these buffers of it moved to the handler instead of copied.
 *
 * ```ts
 * export default (image: Uint8Array<ArrayBuffer>) => handOver(image, [image.buffer])
 * ```
 */
export function handOver<T extends object>(result: T, buffers: readonly Transferable[]): T {
  handedOver.set(result, buffers)
  return result
}

/** The buffers that {@link handOver} was given with a result. */
export function buffersOf(result: unknown): readonly Transferable[] {
  return (typeof result === 'object' && result !== null && handedOver.get(result)) || []
}
