import { renderCount, renderMs } from '../../shared/statistics.ts'
import type { Table } from '../../shared/table.ts'
import { type CpuMicros, mapProcesses, totalCpu } from '../systems/process-cpu.ts'
import type { IdleRun } from './measure.ts'
import type { AnswerRatios, AnswerSummary } from './summarise.ts'

/** The ratios, and how long Botyard's tail is, a line each. */
export function renderRatios(
  ratios: readonly AnswerRatios[],
  summaries: readonly AnswerSummary[],
): Record<string, string> {
  const lines = ratios.map(({ fsync, load, subject, to, ...of }) => [
    `${fsync} ${load}, ${subject} to ${to}`,
    `answers/s ${times(of.answersPerSecond)}, CPU an answer ${times(of.cpu)}, ACK p50 ${times(of.ackP50)}, ` +
      `answer p50 ${times(of.answerP50)}, p99 ${times(of.answerP99)}`,
  ])
  const tails = summaries
    .filter(({ subject }) => subject === 'botyard')
    .map(one => [
      `${one.fsync} ${one.load}, botyard's p99`,
      `${times(one.answerP99Ms / one.answerP50Ms)} its p50`,
    ])
  return Object.fromEntries([...lines, ...tails])
}

/** The subjects under each load, and idle. */
export function answerTable(summaries: readonly AnswerSummary[], idle: readonly IdleRun[]): Table {
  const busyRows = summaries.map(one => [
    ...[one.fsync, one.load, one.subject],
    `${renderCount(one.answersPerSecond)} (${one.rateRange.map(renderCount).join('–')})`,
    renderCpu(one.cpuMicros, renderCount),
    [one.ackP50Ms, one.ackP99Ms].map(renderMs).join(' / '),
    [one.answerP50Ms, one.answerP99Ms, one.answerMaxMs].map(renderMs).join(' / '),
    renderCount(one.generatorMicros),
  ])
  const idleRows = idle.map(({ fsync, subject, cpuPercent }) => {
    const cpu = renderCpu(cpuPercent, value => value.toFixed(1))
    return [fsync, 'idle', subject, '', `${cpu} % of a core`, '', '', '']
  })
  const head = [
    ...['fsync', 'load', 'system', 'answers/s', 'CPU µs an answer: gateway + worker + Redis (+ Postgres)'],
    ...['ACK p50 / p99', 'answer p50 / p99 / max', 'generator µs'],
  ]
  return { head, rows: [...busyRows, ...idleRows] }
}

function renderCpu(cpu: CpuMicros, render: (value: number) => string): string {
  const parts = Object.values(mapProcesses(cpu, render))
  return parts.length === 1 ? parts[0]! : `${parts.join(' + ')} = ${render(totalCpu(cpu))}`
}

function times(value: number): string {
  return `${value.toFixed(2)} ×`
}
