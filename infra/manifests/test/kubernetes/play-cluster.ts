import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { repository } from '@botyard/local-infra'
import { parseAllDocuments } from 'yaml'
import type { Manifest } from '../../src/kustomize.ts'

/** Where the manifests lie, and the script that deploys by them. */
export const kubernetes = join(repository, 'infra', 'kubernetes')

/** What the API answers. */
interface Cluster {
  /** What the API says is the image of any Deployment. */
  readonly image?: string
  /** The conditions of the Job, answer after answer; the last one stays. */
  readonly conditions?: readonly string[]
  readonly revision?: string
  /** The exit codes of `rollout status`, one after the other. */
  readonly rollouts?: readonly number[]
  readonly patienceSeconds?: number
}

/** The real script and the real kustomize, before a cluster that is played. */
export function playCluster(
  t: TestContext,
  { image = '', conditions = [''], revision = '', rollouts = [0], patienceSeconds = 60 }: Cluster = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'botyard-deploy-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const write = (name: string, text: string, mode = 0o644) =>
    writeFileSync(join(folder, name), text, { mode })
  const read = (name: string) => {
    const file = join(folder, name)
    return existsSync(file) ? readFileSync(file, 'utf8') : ''
  }
  write('conditions', `${conditions.join('\n')}\n`)
  write('rollouts', `${rollouts.join('\n')}\n`)
  write('kubectl', playedKubectl, 0o755)
  write('sleep', '#!/bin/sh\n', 0o755)
  const env = {
    ...process.env,
    PATH: `${folder}:${process.env.PATH}`,
    ...{ PLAYED: folder, REAL_PATH: process.env.PATH, IMAGE: image, REVISION: revision },
    MIGRATE_TIMEOUT_SECONDS: String(patienceSeconds),
  }
  return {
    deploy: (overlay: string, ...rest: readonly string[]) =>
      spawnSync(join(kubernetes, 'deploy'), [join(kubernetes, 'overlays', overlay), ...rest], {
        ...{ encoding: 'utf8', env },
      }),
    /** Runs lines as an operator does at the root of the repository. */
    paste: (lines: string) =>
      spawnSync('bash', ['-e', '-c', lines], { cwd: repository, encoding: 'utf8', env }),
    calls: () => read('calls').trim().split('\n'),
    applied: () => ({
      manifests: parseAllDocuments(read('applied.yaml')).map(document => document.toJS() as Manifest),
      selector: read('selector').trim(),
    }),
  }
}

const playedKubectl = `#!/bin/sh
case $1 in kustomize) PATH=$REAL_PATH exec kubectl "$@" ;; esac
echo "$*" >>"$PLAYED/calls"
# Prints the first line of a file and takes it off, but for the last one.
next() {
  head -n 1 "$PLAYED/$1"
  if [ "$(wc -l <"$PLAYED/$1")" -gt 1 ]; then sed -i 1d "$PLAYED/$1"; fi
}
case "$*" in
  apply*selector*) cp "$3" "$PLAYED/applied.yaml"; echo "$5" >"$PLAYED/selector" ;;
  *'get job'*) next conditions ;;
  *revision*'}') printf %s "$REVISION" ;;
  *'get deployment'*image*) printf %s "$IMAGE" ;;
  *'rollout status'*) exit "$(next rollouts)" ;;
esac
`
