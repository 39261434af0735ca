import { monitorEventLoopDelay } from 'node:perf_hooks'

/** How late timers of a process ran, ms. */
export interface LoopDelay {
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** The histogram counts the interval itself; it is taken off again. */
const resolutionMs = 1

/*
 * Loaded into a process that is measured: at "begin" it forgets what was, at "end" it answers how late its
 * timers ran since. The channel to the parent keeps nobody alive.
 */
const delay = monitorEventLoopDelay({ resolution: resolutionMs })
delay.enable()
process.on('message', question => {
  const quantile = (share: number) => Math.max(0, delay.percentile(share) / 1e6 - resolutionMs)
  const answer: LoopDelay = { p50: quantile(50), p99: quantile(99), max: quantile(100) }
  if (question === 'begin') delay.reset()
  process.send?.(answer)
})
process.channel?.unref()
