import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { basename, join } from 'node:path'
import type { ReusableWorkflowJob } from '@actions/workflow-parser/model/workflow-template'

/** Where the workflows of this repository lie. */
export const workflows = join(import.meta.dirname, '..', '..', '..', '.github', 'workflows')

// The parser imports its schemas as bundlers take them; Node wants to be told that they are JSON.
registerHooks({
  load(url, context, nextLoad) {
    if (!url.endsWith('.json')) return nextLoad(url, context)
    const source = `export default ${readFileSync(new URL(url), 'utf8')}`
    return { format: 'module', source, shortCircuit: true }
  },
})
const { convertWorkflowTemplate, parseWorkflow, NoOperationTraceWriter } = await import(
  '@actions/workflow-parser'
)

/** A workflow as GitHub's own parser reads it, with those that it calls; and what is wrong with it. */
export async function readWorkflow(name: string, content = readFileSync(join(workflows, name), 'utf8')) {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter())
  const callee = {
    async getFileContent(reference: object) {
      const file = basename(String((reference as { path?: string }).path))
      return { name: file, content: readFileSync(join(workflows, file), 'utf8') }
    },
  }
  const template =
    value && (await convertWorkflowTemplate(context, value, callee, { fetchReusableWorkflowDepth: 1 }))
  return {
    errors: context.errors.getErrors().map(({ message }) => message),
    jobs: new Map((template?.jobs ?? []).map(job => [String(job.id), job])),
  }
}

/** The names of the jobs that one waits for. */
export function needsOf(job: { needs?: readonly unknown[] } | ReusableWorkflowJob | undefined): string[] {
  return (job?.needs ?? []).map(String)
}

/** What a step runs, by the step's id or name: as the runner has it, without the indentation of the file. */
export async function scriptOf(workflow: string, jobId: string, step: string): Promise<string> {
  const job = (await readWorkflow(workflow)).jobs.get(jobId)
  const steps = job?.type === 'job' ? job.steps : []
  const found = steps.find(one => one.id === step || String(one.name) === step)
  if (found === undefined || !('run' in found)) throw new Error(`${workflow} has no step ${step} that runs`)
  return String(found.run)
}
