import { canMountSmallDisk } from '@botyard/testkit'
import { connectionCases } from './cases/connections.ts'
import { dataCases } from './cases/data.ts'
import { logCases } from './cases/logs.ts'
import { restartCases } from './cases/restarts.ts'
import { rightsCases } from './cases/rights.ts'
import type { FaultCase, FaultResult } from './fault-case.ts'

/** Which cases; all by default. */
export interface OperationsOptions {
  /** Only those whose fault holds this text. */
  readonly only: string
}

/** What was seen; `problems` are the cases that are not ok. */
export interface OperationsReport {
  readonly results: readonly FaultResult[]
  readonly problems: readonly string[]
}

const cases: readonly FaultCase[] = [
  ...connectionCases,
  ...restartCases,
  ...dataCases,
  ...rightsCases,
  ...logCases,
]

/** Makes each fault in turn, on a system of its own. */
export async function runOperations(
  { only }: OperationsOptions,
  onResult: (result: FaultResult) => void,
): Promise<OperationsReport> {
  const results: FaultResult[] = []
  for (const faultCase of cases.filter(({ fault }) => fault.includes(only))) {
    const result = await runCase(faultCase)
    results.push(result)
    onResult(result)
  }
  return {
    results,
    problems: results.filter(({ ok }) => ok === false).map(({ fault, seen }) => `${fault}: ${seen}`),
  }
}

async function runCase({ fault, needsRoot = false, run }: FaultCase): Promise<FaultResult> {
  const since = performance.now()
  const seconds = () => Math.round((performance.now() - since) / 100) / 10
  if (needsRoot && !canMountSmallDisk)
    return { fault, seen: 'needs root on Linux', seconds: 0, ok: 'left out' }
  try {
    return { fault, seen: await run(), seconds: seconds(), ok: true }
  } catch (error) {
    return { fault, seen: (error as Error).message, seconds: seconds(), ok: false }
  }
}
