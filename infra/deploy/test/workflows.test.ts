import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { needsOf, readWorkflow, workflows } from './read-workflow.ts'

const repository = join(workflows, '..', '..')
const names = readdirSync(workflows)
const textOf = (name: string) => readFileSync(join(workflows, name), 'utf8')

test('GitHub understands every workflow, its expressions and what it hands to the others', async () => {
  assert.deepEqual(names, ['ci.yml', 'deploy-app.yml', 'deploy.yml'])
  for (const name of names) assert.deepEqual((await readWorkflow(name)).errors, [], name)
})

test('a key, a context, a function or an input that does not exist would be found', async () => {
  for (const [from, to] of [
    ['timeout-minutes: 10', 'timeout-hours: 10'],
    ["needs.affected.outputs.apps != '[]'", "needed.affected.outputs.apps != '[]'"],
    ['fromJSON(needs.affected.outputs.apps) }}', 'toArray(needs.affected.outputs.apps) }}'],
    ['      app: worker\n', '      ap: worker\n'],
  ] as const) {
    const text = textOf('deploy.yml')
    assert.ok(text.includes(from), from)
    assert.notDeepEqual((await readWorkflow('deploy.yml', text.replace(from, to))).errors, [], to)
  }
})

test('nothing is built before the tests, nothing deployed before its image and the migrations', async () => {
  const { jobs } = await readWorkflow('deploy.yml')

  assert.deepEqual(needsOf(jobs.get('image')), ['ci', 'affected'])
  assert.deepEqual(needsOf(jobs.get('migrate')), ['affected', 'image'])
  for (const app of ['worker', 'gateway', 'admin']) assert.ok(needsOf(jobs.get(app)).includes('migrate'), app)
})

test('the gateway waits for the worker; worker and admin wait for no other app', async () => {
  const { jobs } = await readWorkflow('deploy.yml')

  assert.ok(needsOf(jobs.get('gateway')).includes('worker'))
  assert.deepEqual(needsOf(jobs.get('worker')), ['affected', 'migrate'])
  assert.deepEqual(needsOf(jobs.get('admin')), ['affected', 'migrate'])
})

test('gateways wait for a worker that runs the new contract, and otherwise for no worker', async () => {
  const { jobs } = await readWorkflow('deploy.yml')
  const condition = String(jobs.get('gateway')?.if)

  assert.ok(condition.includes('!cancelled()'), 'a worker that was skipped skips no gateway')
  assert.ok(
    condition.includes("(needs.affected.outputs.contracts != 'true' || needs.worker.result == 'success')"),
  )
})

test('every job that calls a workflow grants it what it asks for, which GitHub refuses to add', () => {
  const rights = (text: string, indent: string) =>
    (new RegExp(`^${indent}permissions:\\n((?:${indent} {2}\\S.*\\n)+)`, 'm').exec(text)?.[1] ?? '')
      .split('\n')
      .map(line => line.trim())
      .filter(Boolean)
  const callers = textOf('deploy.yml')
    .split(/^(?= {2}[\w-]+:$)/m)
    .filter(job => job.includes('uses: ./.github/workflows/deploy-app.yml'))

  assert.equal(callers.length, 4)
  assert.ok(rights(textOf('deploy-app.yml'), '').includes('deployments: write'))
  for (const job of callers) assert.deepEqual(rights(job, '    '), rights(textOf('deploy-app.yml'), ''), job)
})

test('every script of a step is one that its shell understands', () => {
  for (const name of names) {
    const scripts = [...textOf(name).matchAll(/^( +)run: \|\n((?:\1 {2}.*\n|\n)+)/gm)].map(
      ([, , text]) => text!,
    )
    for (const script of scripts) {
      const input = script.replace(/\$\{\{.*?\}\}/g, 'x')
      const { status, stderr } = spawnSync('bash', ['-n'], { input, encoding: 'utf8' })
      assert.equal(status, 0, `${name}:\n${script}\n${stderr}`)
    }
  }
})

test('what the workflows name is in the repository: commands, Dockerfiles, manifests', () => {
  const all = names.map(textOf).join('\n')
  const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    scripts: object
  }
  for (const [, command] of all.matchAll(/npm run ([\w-]+)/g)) assert.ok(command! in scripts, command)
  for (const app of ['ingest-gateway', 'worker', 'admin'])
    assert.ok(existsSync(join(repository, 'infra', 'containers', `${app}.Dockerfile`)), app)
  for (const path of ['.ci/run', 'infra/kubernetes/deploy', 'infra/kubernetes/overlays/production']) {
    assert.ok(all.includes(path) && existsSync(join(repository, path)), path)
  }
})

test('no workflow names a registry or a machine: operators do, in variables', () => {
  for (const name of names)
    assert.doesNotMatch(textOf(name).replaceAll('app.kubernetes.io', ''), /\b[\w-]+\.(io|com|dev|net|org)\b/)
})
