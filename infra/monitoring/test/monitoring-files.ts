import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

export const repository = join(root, '../..')
export const prometheusFolder = join(root, 'prometheus')

/** The files of a folder of infra/monitoring. */
export function filesOf(folder: string): { name: string; text: string }[] {
  return readdirSync(join(root, folder))
    .sort()
    .map(name => ({ name, text: readFileSync(join(root, folder, name), 'utf8') }))
}

/** An alert, as far as its text tells. */
export interface Alert {
  readonly name: string
  /** Of its rules, without `.yml`. */
  readonly file: string
  readonly severity: string | undefined
  readonly runbook: string | undefined
  readonly summary: string | undefined
}

export function readAlerts(): Alert[] {
  return filesOf('prometheus/rules').flatMap(({ name, text }) =>
    text
      .split(/^ *- alert: /m)
      .slice(1)
      .map(rule => ({
        name: /^\w+/.exec(rule)![0],
        file: name.replace('.yml', ''),
        severity: /severity: (\w+)/.exec(rule)?.[1],
        runbook: /runbook: (\S+)/.exec(rule)?.[1],
        summary: /summary: (.+)/.exec(rule)?.[1],
      })),
  )
}
