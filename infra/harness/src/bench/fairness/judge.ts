import { renderMs } from '../../shared/statistics.ts'
import type { Table } from '../../shared/table.ts'
import { floods } from './floods.ts'
import type { FairnessRun, QuietTimes } from './measure-fairness.ts'

/** How many times as long as alone the quiet bot's slowest replies take beside the flood. */
function slowdownOf({ alone, beside }: FairnessRun): number {
  return (beside.p99 ?? Number.POSITIVE_INFINITY) / (alone.p99 ?? Number.NaN)
}

/** What was not as it must be; a flood that never rose proves nothing. */
export function problemsOf(runs: readonly FairnessRun[], within: number): string[] {
  return runs.flatMap(run => {
    const { flood, alone, beside, waiting } = run
    const { chats } = floods[flood]
    const lost = alone.missing + beside.missing
    const slowdown = slowdownOf(run)
    return [
      ...(slowdown <= within
        ? []
        : [
            `${flood}: the quiet bot's p99 is ${renderMs(beside.p99)} beside the flood, ${slowdown.toFixed(1)} × the ` +
              `${renderMs(alone.p99)} alone; it may be ${within} ×`,
          ]),
      ...(lost === 0 ? [] : [`${flood}: ${lost} updates of the quiet bot were never answered`]),
      ...(Math.min(...waiting) >= chats * enoughShare
        ? []
        : [`${flood}: ${waiting.join(' to ')} updates waited instead of ${chats}: this was no such flood`]),
    ]
  })
}

/** The share of a flood that must wait all the time. */
const enoughShare = 0.9

/** A row a flood. */
export function fairnessTable(runs: readonly FairnessRun[]): Table {
  const render = ({ p50, p99, max, replies }: QuietTimes) =>
    `${[p50, p99, max].map(renderMs).join(' / ')} (${replies})`
  const rows = runs.map(run => {
    const { handlerMs, chats } = floods[run.flood]
    const waiting = run.waiting.map(count => count.toLocaleString('en')).join(' to ')
    const noisy = `${chats.toLocaleString('en')} chats, handler ${renderMs(handlerMs)}`
    return [noisy, waiting, render(run.alone), render(run.beside), `${slowdownOf(run).toFixed(1)} ×`]
  })
  const times = 'p50 / p99 / max (replies)'
  return { head: ['noisy bot', 'waiting', `quiet bot alone: ${times}`, `beside it: ${times}`, 'p99'], rows }
}
