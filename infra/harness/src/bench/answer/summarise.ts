import { median, medianRatio } from '../../shared/statistics.ts'
import { mapProcesses, totalCpu } from '../systems/process-cpu.ts'
import { type AnswerRun, type SubjectName, subjectNames } from './measure.ts'

/** The medians of all runs of one subject under one load. */
export interface AnswerSummary
  extends Omit<AnswerRun, 'round' | 'wantedPerSecond' | 'refused' | 'strays' | 'missing'> {
  readonly runs: number
  readonly rateRange: readonly [number, number]
}

/** How one subject compares with another: medians over the rounds, whose two runs are neighbours in time. */
export interface AnswerRatios {
  readonly fsync: AnswerRun['fsync']
  readonly load: AnswerRun['load']
  readonly subject: SubjectName
  readonly to: SubjectName
  readonly answersPerSecond: number
  readonly cpu: number
  readonly ackP50: number
  readonly answerP50: number
  readonly answerP99: number
}

/** Sums up the runs, the subjects of one setting next to each other. */
export function summarise(runs: readonly AnswerRun[]): AnswerSummary[] {
  return groupsOf(runs).map(group => {
    const { subject, fsync, load, cpuMicros } = group[0]!
    const of = (value: (run: AnswerRun) => number) => median(group.map(value))
    const rates = group.map(run => run.answersPerSecond)
    return {
      ...{ subject, fsync, load, runs: group.length },
      answersPerSecond: median(rates),
      rateRange: [Math.min(...rates), Math.max(...rates)],
      cpuMicros: mapProcesses(cpuMicros, (_, name) => of(run => run.cpuMicros[name]!)),
      generatorMicros: of(run => run.generatorMicros),
      ackP50Ms: of(run => run.ackP50Ms),
      ackP99Ms: of(run => run.ackP99Ms),
      answerP50Ms: of(run => run.answerP50Ms),
      answerP99Ms: of(run => run.answerP99Ms),
      answerMaxMs: of(run => run.answerMaxMs),
    }
  })
}

/** Botyard's plain answer against each of the others, and its stateful one against the plain. */
export function ratiosOf(runs: readonly AnswerRun[]): AnswerRatios[] {
  const groups = groupsOf(runs)
  return groups.flatMap(other => {
    const { subject: name, fsync, load } = other[0]!
    const plain = groups.find(
      ([run]) => run!.subject === 'botyard' && run!.fsync === fsync && run!.load === load,
    )
    if (name === 'botyard' || plain === undefined) return []
    const [ours, theirs] = name === 'botyard, stateful' ? [other, plain] : [plain, other]
    const ratio = (value: (run: AnswerRun) => number) => medianRatio(ours.map(value), theirs.map(value))
    return {
      ...{ fsync, load, subject: ours[0]!.subject, to: theirs[0]!.subject },
      answersPerSecond: ratio(run => run.answersPerSecond),
      cpu: ratio(run => totalCpu(run.cpuMicros)),
      ackP50: ratio(run => run.ackP50Ms),
      answerP50: ratio(run => run.answerP50Ms),
      answerP99: ratio(run => run.answerP99Ms),
    }
  })
}

/** Runs whose figures do not compare: calls refused, replies lost or doubled, a rate that was not kept. */
export function problemsOf(runs: readonly AnswerRun[]): string[] {
  return runs.flatMap(
    ({ fsync, load, round, subject, refused, strays, missing, answersPerSecond, wantedPerSecond }) => {
      const name = `${fsync} ${load} round ${round} ${subject}`
      const isSlow = wantedPerSecond !== undefined && answersPerSecond < wantedPerSecond * keptShare
      return [
        ...Object.entries(refused).map(
          ([status, count]) => `${name}: ${count} calls were answered ${status}`,
        ),
        ...(strays === 0 ? [] : [`${name}: ${strays} messages answer nothing that was waited for`]),
        ...(missing === 0 ? [] : [`${name}: ${missing} accepted updates were never answered`]),
        ...(isSlow
          ? [`${name}: ${Math.round(answersPerSecond)} answers a second instead of ${wantedPerSecond}`]
          : []),
        ...(answersPerSecond === 0
          ? [`${name}: no reply arrived while it was measured; a longer --lead may help`]
          : []),
      ]
    },
  )
}

/** The share of a wanted rate that counts as kept. */
const keptShare = 0.97

function groupsOf(runs: readonly AnswerRun[]): AnswerRun[][] {
  const bySetting = Map.groupBy(runs, ({ fsync, load }) => `${fsync} ${load}`)
  return [...bySetting.values()].flatMap(setting =>
    subjectNames.map(name => setting.filter(run => run.subject === name)).filter(group => group.length > 0),
  )
}
