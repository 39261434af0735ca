import type { NetworkOptions, VerifyResult } from '@botyard/platforms'
import { type Call, takeThrough } from './call.ts'
import { KeysUnavailableError } from './errors.ts'

/** What verifying needs. */
export interface VerifyDeps {
  /** For adapters that fetch the platform's keys. */
  readonly dispatcher: NetworkOptions['dispatcher']
  /** How long fetching keys may take, in ms. */
  readonly timeoutMs: number
}

/** A call that the platform proved to be its own, or that needs no proof. */
export interface VerifiedCall {
  readonly call: Call
}

/**
 * First stage: checks the proof of each call over its raw bytes. `later` resolves for calls whose proof needs
 * keys that the adapter may have to fetch; it never rejects, and resolves to nothing if the call has ended.
 */
export function verifyCalls(
  calls: readonly Call[],
  { dispatcher, timeoutMs }: VerifyDeps,
): { verified: VerifiedCall[]; later: Promise<VerifiedCall[]>[] } {
  const network: NetworkOptions = {
    dispatcher,
    // Only on demand: a signal with a timer costs more than most checks, and most checks need none.
    get signal() {
      return AbortSignal.timeout(timeoutMs)
    },
  }
  const later: Promise<VerifiedCall[]>[] = []
  const verified = takeThrough(
    calls.map(call => ({ call })),
    ({ call }) => {
      if (call.source === 'poll') return { call }
      const result = call.adapter.verify(call.request, call.bot.credentials, network)
      if (!(result instanceof Promise)) return goesOn(call, result)
      later.push(
        result.then(
          result => takeThrough([{ call }], () => goesOn(call, result)),
          error => {
            call.reject(error)
            return []
          },
        ),
      )
    },
  )
  return { verified, later }
}

/** Ends calls that are not genuine, and handshakes, which hold nothing to store. */
function goesOn(call: Call, result: VerifyResult): VerifiedCall | undefined {
  if (!result.genuine) {
    if (result.reason === 'unavailable') throw new KeysUnavailableError()
    call.resolve({ status: 'refused', reason: result.reason })
    return undefined
  }
  const answer = call.adapter.handshake?.(call.request)
  if (!answer) return { call }
  call.resolve({ status: 'handshake', answer })
  return undefined
}
