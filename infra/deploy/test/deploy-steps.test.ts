import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { needsTools } from '@botyard/testkit'
import { readWorkflow, scriptOf, workflows } from './read-workflow.ts'

const tools = needsTools('jq')
const repository = join(workflows, '..', '..')

test('each app is compared with the commit that was last deployed with success', tools, async t => {
  const github = begin(t)
  github.has([
    { id: 1, sha: 'aaa', task: 'deploy:worker', environment: 'production' },
    { id: 3, sha: 'ccc', task: 'deploy:gateway', environment: 'production' },
    { id: 2, sha: 'bbb', task: 'deploy:worker', environment: 'production' },
    { id: 4, sha: 'ddd', task: 'deploy', environment: 'production' },
    { id: 5, sha: 'eee', task: 'deploy:admin', environment: 'elsewhere' },
  ])

  await github.run('deploy.yml', 'affected', 'affected', { GITHUB_EVENT_NAME: 'push' })

  assert.deepEqual(github.calls('npm'), ['run affected -- worker=bbb gateway=ccc admin= 0123abc'])
})

test('what a deployment records is what the next run compares with', tools, async t => {
  const github = begin(t)
  github.has([{ id: 1, sha: 'aaa', task: 'deploy:worker', environment: 'production' }])

  await github.run('deploy-app.yml', 'deploy', 'Record what is deployed', { APP: 'worker', RELEASE: 'fff' })
  await github.run('deploy.yml', 'affected', 'affected', { GITHUB_EVENT_NAME: 'push' })

  assert.deepEqual(github.calls('npm'), ['run affected -- worker=fff gateway= admin= 0123abc'])
  const [, { auto_merge, required_contexts }] = github.records() as [Recorded, Recorded]
  assert.deepEqual([auto_merge, required_contexts], [false, []])
  assert.ok(
    github
      .calls('gh')
      .some(call => call.includes('deployments/2/statuses') && call.includes('state=success')),
  )
})

test('the step fails where GitHub does not answer: nothing is taken for deployed', tools, async t => {
  const github = begin(t)

  await assert.rejects(github.run('deploy.yml', 'affected', 'affected', { GITHUB_EVENT_NAME: 'push' }))

  assert.deepEqual(github.calls('npm'), [])
})

test('a run by hand compares with the commit that it is given, or with none', tools, async t => {
  const github = begin(t)

  for (const FROM of ['aaa', '0'.repeat(40)])
    await github.run('deploy.yml', 'affected', 'affected', { GITHUB_EVENT_NAME: 'workflow_dispatch', FROM })

  assert.deepEqual(github.calls('npm'), [
    'run affected -- aaa 0123abc',
    `run affected -- ${'0'.repeat(40)} 0123abc`,
  ])
})

test('only an app that was deployed is recorded, and after everything else', async () => {
  const { jobs } = await readWorkflow('deploy-app.yml')
  const job = jobs.get('deploy')
  assert.ok(job?.type === 'job')
  const last = job.steps.at(-1)!

  assert.equal(String(last.name), 'Record what is deployed')
  // The parser adds what GitHub does: a step without a status function runs only where all before succeeded.
  assert.match(String(last.if), /success\(\) && \(inputs\.app != 'migrate'\)/)
  assert.ok(job.steps.every(step => step['continue-on-error'] === undefined))
})

test('migrations and apps run on the images that are built and that the overlays name', async t => {
  const github = begin(t)
  const step = (name: string, env: Record<string, string>) =>
    github.run('deploy-app.yml', 'deploy', name, env)
  const env = { OVERLAY: 'an/overlay', REGISTRY: 'registry.test/team', RELEASE: 'fff' }

  await step('Migrate by a job', { ...env, APPS: 'worker gateway' })
  for (const APP of ['worker', 'gateway', 'admin']) await step('Deploy to the cluster', { ...env, APP })

  assert.deepEqual(github.calls('deploy'), [
    'an/overlay migrate admin=running worker=registry.test/team/my-bots:fff',
    'an/overlay worker worker=registry.test/team/my-bots:fff',
    'an/overlay gateway gateway=registry.test/team/botyard-ingest-gateway:fff',
    'an/overlay admin admin=registry.test/team/botyard-admin:fff',
  ])
  const text = readFileSync(join(workflows, 'deploy.yml'), 'utf8')
  const [, built = ''] = /^ +IMAGE: >-\n((?: {8}.*\n)+)/m.exec(text) ?? []
  for (const overlay of ['production', 'small']) {
    const file = join(repository, 'infra/kubernetes/overlays', overlay, 'kustomization.yaml')
    for (const [, image] of readFileSync(file, 'utf8').matchAll(/newName: \S+\/([\w-]+)/g))
      assert.ok(built.includes(`'${image}'`), `${overlay}: ${image} is built`)
  }
})

test('the image of the bots is made from the worker’s of the same commit, and of their folder', async t => {
  const github = begin(t)
  const env = { REGISTRY: 'registry.test', IMAGE: 'my-bots', BOTS: 'infra/containers/example' }

  await github.run('deploy.yml', 'image', "Build the bots' image on the worker's", env)
  await github.run('deploy.yml', 'image', 'Push', env)

  const [build, push] = github.calls('docker')
  assert.match(build!, /^buildx build --builder default --tag registry\.test\/my-bots:0123abc /)
  assert.match(
    build!,
    / --build-arg WORKER=registry\.test\/botyard-worker:0123abc infra\/containers\/example$/,
  )
  assert.equal(push, 'push registry.test/my-bots:0123abc')
  assert.match(readFileSync(join(repository, env.BOTS, 'Dockerfile'), 'utf8'), /^FROM \$\{WORKER\}$/m)
})

interface Recorded {
  readonly id?: number
  readonly sha?: string
  readonly task: string
  readonly environment: string
  readonly auto_merge?: boolean
  readonly required_contexts?: readonly string[]
}

/** Runs steps of the workflows as GitHub's runner does, on commands that are played. */
function begin(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'botyard-workflow-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text, { mode: 0o755 })
  }
  const read = (name: string) => readFileSync(join(folder, name), { encoding: 'utf8', flag: 'a+' })
  const logs = (name: string) => `#!/bin/sh\necho "$*" >>"$PLAYED/${name}.calls"\n`
  for (const name of ['npm', 'docker']) write(`bin/${name}`, logs(name))
  write('infra/kubernetes/deploy', logs('deploy'))
  write('bin/gh', `${logs('gh')}${playedGh}`)
  return {
    has: (records: readonly Recorded[]) => write('deployments', JSON.stringify(records)),
    records: () => JSON.parse(read('deployments')) as Recorded[],
    calls: (name: string) => read(`${name}.calls`).split('\n').filter(Boolean),
    async run(workflow: string, job: string, step: string, env: Readonly<Record<string, string>>) {
      const script = await scriptOf(workflow, job, step)
      const { status, stderr } = spawnSync('bash', ['-e', '-c', script], {
        cwd: folder,
        encoding: 'utf8',
        env: {
          ...{ PATH: `${join(folder, 'bin')}:${process.env.PATH}`, PLAYED: folder },
          ...{ GITHUB_REPOSITORY: 'o/r', GITHUB_SHA: '0123abc', ...env },
        },
      })
      assert.equal(status, 0, stderr)
    },
  }
}

/** The two routes of GitHub's API that the workflows call: what they store lies in a file. */
const playedGh = `
stored=$PLAYED/deployments
[ -s "$stored" ] || { echo 'gh: no answer' >&2; exit 1; }
filter=.
for word; do
  case $previous in --jq) filter=$word ;; esac
  case $word in task=*) task=\${word#*=} ;; environment=*) environment=\${word#*=} ;; esac
  previous=$word
done
case "$*" in
  *statuses*) ;;
  *'--input -'*)
    jq --slurpfile new /dev/stdin '. + [$new[0] + { id: (length + 1), sha: $new[0].ref }]' \\
      "$stored" >"$stored.new"
    mv "$stored.new" "$stored"
    jq -r "last | $filter" "$stored"
    ;;
  *'--method GET'*)
    jq --arg task "$task" --arg environment "$environment" \\
      '[.[] | select(.task == $task and .environment == $environment)]' "$stored" | jq -r "$filter"
    ;;
esac
`
