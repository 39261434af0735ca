import { existsSync, readdirSync } from 'node:fs'
import { adapters } from '../../src/index.ts'
import type { ConformanceCase } from './conformance-case.ts'

/** A platform's name and its case; none if the platform has an adapter and nobody wrote a case. */
export interface LoadedCase {
  readonly platform: string
  readonly case: ConformanceCase | undefined
}

/**
 * The case of every platform that has an adapter, and every case there is:
 * test/<platform>/conformance-case.ts.
 */
export async function loadCases(): Promise<LoadedCase[]> {
  const folder = new URL('../', import.meta.url)
  const fileOf = (name: string) => new URL(`${name}/conformance-case.ts`, folder)
  const names = new Set(Object.keys(adapters))
  for (const name of readdirSync(folder))
    if (name !== 'conformance' && existsSync(fileOf(name))) names.add(name)
  return Promise.all(
    [...names].map(async platform => {
      if (!existsSync(fileOf(platform))) return { platform, case: undefined }
      const module = (await import(fileOf(platform).href)) as Record<string, unknown>
      return { platform, case: Object.values(module).find(isCase) }
    }),
  )
}

function isCase(value: unknown): value is ConformanceCase {
  return typeof value === 'object' && value !== null && 'adapter' in value && 'fixtures' in value
}
