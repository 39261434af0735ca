import { readJsonFile, writePrivateFile } from './private-file.ts'

/**
 * run.json: what a tool needs to find and talk to the running stack. Its shape is a contract with tools
 * outside.
 */
export interface RunFile {
  readonly gatewayUrl: string
  readonly adminUrl: string
  /** An owner's bearer token for the admin API. */
  readonly adminToken: string
  readonly opsUrls: Readonly<Record<'gateway' | 'worker' | 'admin', string>>
  readonly redisUrl: string
  readonly controlDatabaseUrl: string
  readonly shardDatabaseUrls: readonly string[]
  /** Empty lists for what is not ours: a Redis or databases named by url. */
  readonly pids: {
    readonly gateway: number | readonly number[]
    readonly worker: number | readonly number[]
    readonly admin: number | readonly number[]
    readonly redis: number | readonly number[]
    readonly postgres: readonly number[]
  }
}

/** Replaces run.json in one step; only its owner may read it. */
export function writeRunFile(file: string, run: RunFile): void {
  writePrivateFile(file, `${JSON.stringify(run, null, 2)}\n`)
}

/** The run that a stack has announced; undefined if there is none. */
export function readRunFile(file: string): RunFile | undefined {
  return readJsonFile(file) as RunFile | undefined
}
